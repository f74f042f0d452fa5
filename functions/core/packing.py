"""Bytes of a timeline: delta varints, newest entry first.

    head     varint: count << 5 | revisions << 4 | kind of value << 2 | width of keys
    scale    decimals of the numbers, one byte, if there are any
    entries  time (the newest from EPOCH, then the way back), key, revision and value as the head says

A key with its rest takes six bytes more, and makes the widths of the timeline mixed.

Times, keys and amounts are small numbers when told as differences, and no general compressor comes near.
"""

from collections.abc import Iterable
from decimal import Decimal

from functions.core.timeline import EXACT, NATURAL, UNKEYED, Entry

# The middle of the years that four bytes reach: 2023 to 2032.
EPOCH = 1_830_297_600

# Width of a key in bytes, with what its number starts from; a mixed timeline says it with every entry. The last two
# are those of events and natural keys with the rest behind them.
_KEYS = ((2, 0), (4, UNKEYED), (6, NATURAL), (2, 0), (4, UNKEYED))
_WHOLE, _REST = 3, 6
_MIXED = 3
_NOTHING, _NUMBERS, _TEXTS = 0, 1, 2


def put(out: bytearray, number: int) -> None:
    """Append an unsigned varint."""
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


def put_signed(out: bytearray, number: int) -> None:
    """Append a signed varint."""
    put(out, number << 1 if number >= 0 else (-number << 1) - 1)


class Reader:
    """Takes back, in order, what was put."""

    __slots__ = ("at", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def take(self) -> int:
        """The next unsigned varint."""
        data, at = self.data, self.at
        number = data[at]
        at += 1
        if number > 0x7F:
            number &= 0x7F
            shift = 7
            while True:
                byte = data[at]
                at += 1
                number |= (byte & 0x7F) << shift
                if byte <= 0x7F:
                    break
                shift += 7
        self.at = at
        return number

    def signed(self) -> int:
        """The next signed varint."""
        number = self.take()
        return -((number + 1) >> 1) if number & 1 else number >> 1

    def bytes(self, count: int) -> bytes:
        """The next bytes."""
        self.at += count
        return self.data[self.at - count : self.at]


def _kind(entry: Entry) -> int:
    kind = 0 if entry.key < UNKEYED else 1 if entry.key < NATURAL else 2
    return kind + _WHOLE if entry.rest else kind


def _width(entries: Iterable[Entry]) -> int:
    kinds = {_kind(entry) for entry in entries}
    return kinds.pop() if len(kinds) == 1 and max(kinds) < _WHOLE else _MIXED


def _decimals(entries: Iterable[Entry]) -> int:
    exponents = (
        int(entry.value.normalize(EXACT).as_tuple().exponent) for entry in entries if isinstance(entry.value, Decimal)
    )
    return max(0, -min(exponents, default=0))


def _put_key(out: bytearray, entry: Entry, width: int) -> None:
    kind = _kind(entry)
    if width == _MIXED:
        out.append(kind)
    size, base = _KEYS[kind]
    out += (entry.key - base).to_bytes(size)
    if kind >= _WHOLE:
        out += (entry.rest - 1).to_bytes(_REST)


def _take_key(reader: Reader, width: int) -> tuple[int, int]:
    """The key and its rest."""
    kind = reader.take() if width == _MIXED else width
    size, base = _KEYS[kind]
    key = base + int.from_bytes(reader.bytes(size))
    return key, int.from_bytes(reader.bytes(_REST)) + 1 if kind >= _WHOLE else 0


def pack_entries(entries: tuple[Entry, ...]) -> bytes:
    """The bytes of a timeline given oldest first."""
    out = bytearray()
    value = entries[-1].value
    kind = _NUMBERS if isinstance(value, Decimal) else _TEXTS if isinstance(value, str) else _NOTHING
    width, revisions = _width(entries), any(entry.revision for entry in entries)
    put(out, len(entries) << 5 | revisions << 4 | kind << 2 | width)
    scale = _decimals(entries) if kind == _NUMBERS else 0
    if kind == _NUMBERS:
        out.append(scale)
    later = None
    for entry in reversed(entries):
        put_signed(out, entry.time - EPOCH) if later is None else put(out, later - entry.time)
        later = entry.time
        _put_key(out, entry, width)
        if revisions:
            put_signed(out, entry.revision - entry.time if kind == _NUMBERS else entry.revision)
        _put_value(out, entry.value, scale)
    return bytes(out)


def _put_value(out: bytearray, value: Decimal | str | None, scale: int) -> None:
    if isinstance(value, Decimal):
        put_signed(out, int(value.scaleb(scale, EXACT)))
    elif isinstance(value, str):
        text = value.encode()
        put(out, len(text))
        out += text


def unpack_entries(data: bytes) -> tuple[Entry, ...]:
    """The timeline, oldest first."""
    reader = Reader(data)
    head = reader.take()
    count, revisions, kind, width = head >> 5, head >> 4 & 1, head >> 2 & 3, head & 3
    scale = reader.take() if kind == _NUMBERS else 0
    entries: list[Entry] = []
    time = EPOCH + reader.signed()
    for position in range(count):
        if position:
            time -= reader.take()
        key, rest = _take_key(reader, width)
        revision = reader.signed() if revisions else 0
        if kind == _NUMBERS:
            if revisions:
                revision += time
            entries.append(Entry(time, revision, key, Decimal(reader.signed()).scaleb(-scale, EXACT), rest))
        else:
            value = reader.bytes(reader.take()).decode() if kind else None
            entries.append(Entry(time, revision, key, value, rest))
    entries.reverse()
    return tuple(entries)


def plain_length(data: bytes, at: int) -> int | None:
    """How long the timeline at this place is, if it is the usual one entry without a value; else None."""
    head = data[at]
    if head >> 5 != 1 or head & 0b11100 or head & 3 == _MIXED:
        return None
    end = at + 1
    while data[end] > 0x7F:
        end += 1
    return end + 1 + _KEYS[head & 3][0] - at
