"""Timelines: the compact memory of the events that match one filter.

A timeline is a function of the set of matching events and of nothing else: neither the order, the repetition, the
batching nor the moment of folding changes it. Of one identity the greatest entry counts; entries are ordered by
(time, revision, key, value, rest); and what is kept is a prefix of that order, newest first, so that what a later
entry could need is never dropped. What events make in one is in ``matching``, how entries
join it in ``joining``.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from functions.core.timelines.exchange import Counting
from functions.core.timelines.filters import Filter, Predicate, predicate
from functions.core.timelines.retention import Retention

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode
# What most timelines say of group, said, since, until and consent; addresses are older than these fields and ``whole``.
_PLAIN = (None, None, None, None, False)


@dataclass(frozen=True, eq=False)
class TimelineSpec:
    """Which events a timeline holds, and how much of them one condition needs.

    events   names, any of which matches
    where    filter on the properties
    value    path whose number is kept; an event without one does not match
    by       path of the correlation key: one entry per value, the latest wins; an event without one does not match;
             of several members (``products[].id``) each makes an entry
    group    path of a correlation key that is kept as the value beside every event; one without it does not match
    said     path whose value of any kind is kept as text; an event without one does not match
    since    the earliest time that matches, until the latest; None for any
    trait    name of a trait instead: its latest statement, whatever event makes it
    consent  statements of consent instead: the latest of each identifier, its strictness as the revision
    cart     what fills or empties a cart instead, which ``by`` names; without the key only what empties every cart
    whole    entries keep their whole keys, for a condition that asks whether entries of two timelines are one event
    first    keep the earliest entry instead of the latest
    occurrence  pairs of an event's name and the path of what its occurrences are told apart by: events of one value
                are one, and its hash is their key; with ``by`` the value is the pair of both keys as text
    without  path of a correlation key that only events which lack it match
    lines    beside each event or key the products that it tells of, as short text
    money    in which currency amounts count; None for each in its own
    keep     how many of the latest are needed; None for all
    horizon  how far back from the newest, in seconds; None for ever
    """

    events: tuple[str, ...] = ()
    where: Filter | None = None
    value: str | None = None
    by: str | None = None
    trait: str | None = None
    first: bool = False
    keep: int | None = 1
    horizon: int | None = None
    group: str | None = None
    said: str | None = None
    since: int | None = None
    until: int | None = None
    consent: bool = False
    cart: bool = False
    whole: bool = False
    occurrence: tuple[tuple[str, str], ...] = ()
    without: str | None = None
    lines: bool = False
    money: Counting | None = None

    @cached_property
    def content(self) -> str:
        """What the address is made of; how much is kept is not part of it, so that conditions share."""
        where = "" if self.where is None else _CANONICAL(self.where)
        content = ascii((sorted(self.events), self.value, self.by, self.trait, self.first)) + where
        more = (self.group, self.said, self.since, self.until, self.consent)
        content = content if more == _PLAIN else content + ascii(more)
        content += f"{'cart' * self.cart}{'whole' * self.whole}{'lines' * self.lines}"
        content += ascii((self.occurrence, self.without)) if self.occurrence or self.without else ""
        # Where nothing is converted the entries of a shop with one currency are what they are without this. What takes
        # occurrences back reads the same events in any currency.
        if self.money is None or (self.money.is_plain and not (self.occurrence or self.whole)):
            return content
        return content + repr(self.money)

    @cached_property
    def id(self) -> str:
        """The address: eight hex digits."""
        return hashlib.sha256(self.content.encode()).hexdigest()[:8]

    @cached_property
    def accepts(self) -> Predicate:
        """Whether properties pass the filter."""
        return predicate(self.where)

    def timely(self, time: int) -> bool:
        """Whether an event of this time can match."""
        return (self.since is None or time >= self.since) and (self.until is None or time <= self.until)

    @property
    def retention(self) -> Retention:
        """How much of the timeline is needed."""
        return Retention(self.keep, self.horizon)
