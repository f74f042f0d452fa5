"""The specification of a timeline, which is the compact record of the events that match one filter.

A timeline is a function of the set of matching events and of nothing else: neither the order, the repetition, the
batching nor the moment of folding changes it. Of one identity the greatest entry counts; entries are ordered by
(time, revision, key, value, rest); and what is kept is a prefix of that order, newest first, so that what a later
entry could need is never dropped. ``matching`` makes entries of events, ``joining`` joins entries to a timeline.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from functions.core.timelines.exchange import Counting
from functions.core.timelines.filters import Filter, Predicate, predicate
from functions.core.timelines.retention import Retention

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode
# The usual values of group, said, since, until and consent. These, like ``whole``, are younger than the addresses, so
# an address includes them only if they differ from the usual.
_PLAIN = (None, None, None, None, False)


@dataclass(frozen=True, eq=False)
class TimelineSpec:
    """Which events a timeline holds, what it keeps of each, and how many of them one condition needs.

    events   names, any of which matches
    where    filter on the properties
    value    path whose number is kept; an event without one does not match
    by       path of the correlation key: one entry per value, the latest wins; an event without one does not match;
             if there are several values (``products[].id``), each makes an entry
    group    path of a correlation key that is kept as the value of every entry; an event without one does not match
    said     path whose value of any type is kept as text; an event without one does not match
    since    the earliest time that matches (seconds UTC), ``until`` the latest; None for no bound
    trait    path of a trait: the timeline holds the statements of it, whatever event makes them
    consent  the timeline holds statements of consent (``consents.entries``)
    cart     the timeline holds the steps that fill or empty carts; ``by`` is the path of the cart's key, and an event
             without the key matches only if it empties every cart
    whole    entries keep their whole keys, for a condition that asks whether entries of two timelines are one event
    first    keep the earliest entry instead of the latest
    occurrence  pairs of an event's name and the path of the property that identifies its occurrences: events with the
                same value count as one, and the hash of the value is their key; with ``by`` the value is the pair of
                both keys as text
    without  path of a correlation key: only events that lack it match
    lines    the value of each entry is the event's products as short text (``cart_lines``)
    money    the currency in which amounts count, with the rates; None if each counts in its own
    keep     how many of the latest entries are needed; None for all
    horizon  how far back from the newest entry they are needed, in seconds; None for no bound
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
        """The text that the address is a hash of.

        How much is kept is not part of it, so that conditions that need different amounts share one timeline.
        """
        where = "" if self.where is None else _CANONICAL(self.where)
        content = ascii((sorted(self.events), self.value, self.by, self.trait, self.first)) + where
        more = (self.group, self.said, self.since, self.until, self.consent)
        content = content if more == _PLAIN else content + ascii(more)
        content += f"{'cart' * self.cart}{'whole' * self.whole}{'lines' * self.lines}"
        content += ascii((self.occurrence, self.without)) if self.occurrence or self.without else ""
        # In a shop with one currency, where nothing is converted, ``money`` changes no entry. With ``occurrence`` or
        # ``whole`` it is part of the address all the same: what was taken back is read in any currency.
        if self.money is None or (self.money.is_plain and not (self.occurrence or self.whole)):
            return content
        return content + repr(self.money)

    @cached_property
    def id(self) -> str:
        """The timeline's address: eight hex digits of the SHA-256 of ``content``."""
        return hashlib.sha256(self.content.encode()).hexdigest()[:8]

    @cached_property
    def accepts(self) -> Predicate:
        """The filter as a function: True if an event's properties pass it."""
        return predicate(self.where)

    @cached_property
    def is_plain(self) -> bool:
        """True if an entry has nothing but its event's time and key."""
        shaped = (self.value, self.by, self.group, self.said, self.without, self.money)
        flags = (self.occurrence, self.cart, self.first, self.lines)
        return not any(flags) and all(each is None for each in shaped)

    def timely(self, time: int) -> bool:
        """True if the time (seconds UTC) lies between ``since`` and ``until``, both included."""
        return (self.since is None or time >= self.since) and (self.until is None or time <= self.until)

    @property
    def retention(self) -> Retention:
        """How much of the timeline is needed."""
        return Retention(self.keep, self.horizon)
