"""Entries: what a timeline holds of each event."""

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from typing import Any, NamedTuple

from functions.core.base.events import Consent
from functions.core.timelines.event_keys import UNKEYED
from functions.core.timelines.json_values import decoded

# Wide enough for every sum of CAP numbers below 10**24 with 24 decimals.
EXACT = Context(prec=120)

# How much an answer about marketing forbids; the strictest over a person's identifiers counts.
STRICTNESS: Mapping[Consent, int] = {"subscribed": 0, "pending": 1, "unsubscribed": 2}

# What the short key of an entry tells apart: natural and correlation keys, else events of one second.
Short = int | tuple[int, int, int]


class Entry(NamedTuple):
    """One event in a timeline.

    value  an exact number, or a trait's value as JSON text
    rest   one more than the 48 bits that follow the short key in the hash; 0 for keys of ``by``, whose 48 bits are
           the key, and for a stored entry of whose short key there is no other
    """

    time: int
    revision: int
    key: int
    value: Decimal | str | None = None
    rest: int = 0

    @property
    def short(self) -> Short:
        """What its short key tells apart: of one second (and revision) for an event, else for ever."""
        return self.key if self.key >= UNKEYED else (self.time, self.revision, self.key)

    @property
    def identity(self) -> tuple[Short, int]:
        """What counts once: the natural or correlation key, else the event itself."""
        return self.short, self.rest

    @property
    def says(self) -> tuple[Any, ...]:
        """Everything but the rest of the key."""
        return self[:4]

    @property
    def shortened(self) -> "Entry":
        """The entry with its short key alone."""
        return Entry(self.time, self.revision, self.key, self.value) if self.rest else self


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    amount = Decimal(0)
    for number in numbers:
        amount = EXACT.add(amount, number)
    return amount


def statement(entry: Entry) -> Any:
    """The trait's value as comparisons see it; None when it was taken back, a mapping when it cannot be compared."""
    return decoded(str(entry.value))
