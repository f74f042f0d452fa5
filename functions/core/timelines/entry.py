"""Entries: the record of one event in a timeline."""

from collections.abc import Iterable, Mapping
from decimal import Context, Decimal
from typing import Any, NamedTuple

from functions.core.base.events import Consent
from functions.core.base.trust import RANKS, Trust
from functions.core.timelines.event_keys import UNKEYED
from functions.core.timelines.json_values import decoded

# Wide enough for every sum of CAP numbers below 10**24 with 24 decimals.
EXACT = Context(prec=120)

# Ranks the answers about marketing e-mail by how much they forbid; the strictest over a person's identifiers counts.
STRICTNESS: Mapping[Consent, int] = {"subscribed": 0, "pending": 1, "unsubscribed": 2}

# The revision of what only the public reports of an order or another occurrence, in a timeline of numbers. The report
# counts as long as nobody trusted reports the same: whoever has the write key may tell any amount.
OF_PUBLIC = -1

# What precedes the statement of a trait, by the trust of who makes it; no JSON begins so.
MARKS: Mapping[Trust, str] = {"public": "?", "token": "~", "signed": ""}
_RANKS_OF_MARKS = {mark: RANKS[trust] for trust, mark in MARKS.items() if mark}

# Entries with equal values of this cannot be distinguished by short key: the natural or correlation key, or for keys of
# events (time, revision, key).
Short = int | tuple[int, int, int]


class Entry(NamedTuple):
    """One event in a timeline; entries sort by their fields in this order.

    time      seconds UTC
    revision  orders entries of one time, or reports of one natural key; OF_PUBLIC for a number that the public reports
    key       the short key, see ``event_keys``
    value     an exact number, or a text such as a trait's value as JSON
    rest      the 48 bits that follow the short key in the hash, plus one; 0 for keys of ``by``, whose 48 bits are the
              key, and for a stored entry whose short key no other entry of the timeline has
    """

    time: int
    revision: int
    key: int
    value: Decimal | str | None = None
    rest: int = 0

    @property
    def short(self) -> Short:
        """What the short key identifies: the key itself, or for an event's key (time, revision, key).

        An event's short key is only unique enough within one second and revision.
        """
        return self.key if self.key >= UNKEYED else (self.time, self.revision, self.key)

    @property
    def identity(self) -> tuple[Short, int]:
        """Entries with the same identity count once: the short key, as far as it identifies, and the rest."""
        return self.short, self.rest

    @property
    def says(self) -> tuple[Any, ...]:
        """All fields but the rest of the key."""
        return self[:4]

    @property
    def rank(self) -> tuple[Any, ...]:
        """What ``says``, as it is ordered: of one instant and key no value before numbers before texts."""
        value = self.value
        kind = 0 if value is None else 2 if isinstance(value, str) else 1
        return self.time, self.revision, self.key, kind, 0 if value is None else value

    @property
    def shortened(self) -> "Entry":
        """The entry with ``rest`` 0, so with its short key only."""
        return Entry(self.time, self.revision, self.key, self.value) if self.rest else self


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """The entries, oldest first, those of one instant and key by their rank.

    Entries are compared as the tuples that they are, which is much faster. That fails where one report of a natural key
    has a value and another one of the same instant has none, or a text where it has a number.
    """
    several = list(entries)
    try:
        return sorted(several)
    except TypeError:
        return sorted(several, key=lambda entry: (entry.rank, entry.rest))


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum of the numbers; 0 for none."""
    amount = Decimal(0)
    for number in numbers:
        amount = EXACT.add(amount, number)
    return amount


def statement(entry: Entry) -> Any:
    """The value in an entry of a trait timeline, or of one of last values, in the types that comparisons take.

    None means that the trait was taken back, an empty mapping that the value cannot be compared.
    """
    return decoded(str(entry.value).lstrip("".join(MARKS.values())))


def standing(entry: Entry) -> int:
    """The rank of the trust of who made the statement that is the entry's value."""
    return _RANKS_OF_MARKS.get(str(entry.value)[:1], RANKS["signed"])
