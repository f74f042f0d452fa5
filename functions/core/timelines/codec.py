"""Bytes of a timeline: delta varints, newest entry first.

    head     varint: count << 5 | revisions << 4 | kind of value << 2 | width of keys
    scale    decimals of the numbers, one byte, if there are any
    entries  time (the newest from EPOCH, then the way back), key, revision and value as the head says

A key with its rest takes six bytes more, and makes the widths of the timeline mixed.

For example 45 01 78 00000002 ba04 46 00000001 28 are two entries with numbers and keys of four bytes (45), of one
decimal (01): the newest at EPOCH + 60 (78, signed), the second key of its kind, 28.5 (ba04, signed); the other one 70
seconds before (46), the first key, 2.0 (28). And 20 78 0007 is one entry at EPOCH + 60 without a value, whose key of
two bytes is 7.

A timeline with sealed buckets has these in front of all that, newest first:

    head     varint: count << 5 | numbers << 4 | 3 << 2
    scale    decimals of the numbers, one byte, if there are any
    buckets  the last time (of the newest bucket from EPOCH, then the way back), the way back to the first, the count
             and, with numbers, sum, least and most

For example 3c 01 00 05 02 e204 28 ba04 is one bucket (3c) with numbers of one decimal (01): the last of its entries
was at EPOCH (00), the first five seconds before (05), and both (02) come to 30.5, of 2 and 28.5.

Times, keys and amounts are small numbers when told as differences, and no general compressor comes near.
"""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from functions.core.timelines.entry import EXACT, Entry
from functions.core.timelines.event_keys import NATURAL, UNKEYED
from functions.core.timelines.sealing import Bucket, Grain, TimelineContent, opens

# The middle of the years that four bytes reach: 2023 to 2032.
EPOCH = 1_830_297_600

# By kind of key: its width in bytes, and the number that its range starts from. A mixed timeline has the kind with
# every entry. The last two are events' and natural keys that are followed by their rest.
_KEYS = ((2, 0), (4, UNKEYED), (6, NATURAL), (2, 0), (4, UNKEYED))
_WHOLE, _REST = 3, 6
_MIXED = 3
_NOTHING, _NUMBERS, _TEXTS, _SEALED = 0, 1, 2, 3


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
    """Reads the numbers and bytes that were put into ``data``, in the same order; ``at`` is the current position."""

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
        """The next ``count`` bytes."""
        self.at += count
        return self.data[self.at - count : self.at]


def _kind(entry: Entry) -> int:
    kind = 0 if entry.key < UNKEYED else 1 if entry.key < NATURAL else 2
    return kind + _WHOLE if entry.rest else kind


def _width(entries: Iterable[Entry]) -> int:
    kinds = {_kind(entry) for entry in entries}
    return kinds.pop() if len(kinds) == 1 and max(kinds) < _WHOLE else _MIXED


def _decimals(entries: Iterable[Entry]) -> int:
    return _finest(entry.value for entry in entries if isinstance(entry.value, Decimal))


def _finest(numbers: Iterable[Decimal]) -> int:
    """The greatest number of decimals that one of the numbers has."""
    exponents = (int(number.normalize(EXACT).as_tuple().exponent) for number in numbers)
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
    """Read a key and its rest; the rest is 0 if the key has none."""
    kind = reader.take() if width == _MIXED else width
    size, base = _KEYS[kind]
    key = base + int.from_bytes(reader.bytes(size))
    return key, int.from_bytes(reader.bytes(_REST)) + 1 if kind >= _WHOLE else 0


def pack_entries(entries: tuple[Entry, ...]) -> bytes:
    """Encode a timeline's entries, which must be sorted oldest first."""
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
    """Decode the entries that ``pack_entries`` encoded, oldest first."""
    return _take_entries(Reader(data))


def _take_entries(reader: Reader) -> tuple[Entry, ...]:
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


def pack_timeline(contents: TimelineContent) -> bytes:
    """Encode a timeline, which must have at least one single entry."""
    entries = pack_entries(contents.entries)
    if not contents.sealed:
        return entries
    out = bytearray()
    numbers = contents.sealed[-1].total is not None
    put(out, len(contents.sealed) << 5 | numbers << 4 | _SEALED << 2)
    scale = _finest(each for bucket in contents.sealed for each in bucket[4:] if each is not None)
    if numbers:
        out.append(scale)
    later = None
    for bucket in reversed(contents.sealed):
        put_signed(out, bucket.last - EPOCH) if later is None else put(out, later - bucket.last)
        later = bucket.last
        put(out, bucket.last - bucket.first)
        put(out, bucket.events)
        for value in bucket[4:]:
            _put_value(out, value, scale)
    return bytes(out) + entries


def unpack_timeline(data: bytes, grain: Grain = Grain.DAYS) -> TimelineContent:
    """Decode a timeline that ``pack_timeline`` encoded; ``grain`` is that of its buckets."""
    reader = Reader(data)
    head = reader.take()
    if head >> 2 & 3 != _SEALED:
        return TimelineContent((), unpack_entries(data))
    count, numbers = head >> 5, head >> 4 & 1
    scale = reader.take() if numbers else 0
    sealed: list[Bucket] = []
    last = EPOCH + reader.signed()
    for position in range(count):
        if position:
            last -= reader.take()
        first, many = last - reader.take(), reader.take()
        amounts = [Decimal(reader.signed()).scaleb(-scale, EXACT) for _ in range(3 if numbers else 0)]
        sealed.append(Bucket(0, first, last, many, *amounts))
    entries = _take_entries(reader)
    newest = entries[-1].time
    return TimelineContent(tuple(map(partial(_opened, newest, grain), reversed(sealed))), entries)


def _opened(newest: int, grain: Grain, bucket: Bucket) -> Bucket:
    return bucket._replace(opens=opens(bucket.last, newest, grain))


def plain_length(data: bytes, at: int) -> int | None:
    """The length in bytes of the timeline at ``at`` if it is one entry with a short key and nothing else; else None."""
    head = data[at]
    if head >> 5 != 1 or head & 0b11100 or head & 3 == _MIXED:
        return None
    end = at + 1
    while data[end] > 0x7F:
        end += 1
    return end + 1 + _KEYS[head & 3][0] - at
