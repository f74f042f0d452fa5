"""Which values were seen before, in sixteen bytes a value, and the orders whose rows do not stand together."""

from array import array
from collections.abc import Iterable

from functions.sources.tabular.groups import group_name
from functions.sources.tabular.records import Layout, Refusal, Row

_FIRST = 1 << 12
_BITS = (1 << 64) - 1


class Seen:
    """A set of texts, of which 64 bits are kept: of a million texts two look alike once in 30 million files."""

    def __init__(self) -> None:
        self._slots = array("Q", bytes(8 * _FIRST))
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, text: str) -> bool:
        """Remember the text; True if it is new."""
        number = hash(text) & _BITS or 1
        if not _put(self._slots, number):
            return False
        self._count += 1
        if 2 * self._count > len(self._slots):
            self._grow()
        return True

    def _grow(self) -> None:
        larger = array("Q", bytes(16 * len(self._slots)))
        for number in self._slots:
            if number:
                _put(larger, number)
        self._slots = larger


def _put(slots: "array[int]", number: int) -> bool:
    """Put the number into the first free place from its own on; False if it is there."""
    mask = len(slots) - 1
    place = number & mask
    while found := slots[place]:
        if found == number:
            return False
        place = (place + 1) & mask
    slots[place] = number
    return True


def scattered(rows: Iterable[Row | Refusal], layout: Layout, seen: Seen) -> set[str]:
    """The orders of which rows stand in several places; ``seen`` are those of the files before."""
    found: set[str] = set()
    before = ""
    for row in rows:
        name = group_name(row, layout)
        is_next = bool(layout.group) and name == before
        if name and not is_next and not seen.add(name):
            found.add(name)
        before = name
    return found
