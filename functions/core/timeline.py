"""Timelines: the compact memory of the events that match one filter.

A timeline is a function of the set of matching events and of nothing else: neither the order, the repetition, the
batching nor the moment of folding changes it. Of one identity the greatest entry counts; entries are ordered by
(time, revision, key, value, rest); and what is kept is a prefix of that order, newest first, so that what a later
entry could need is never dropped. How entries join a timeline is in ``joining``.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from functions.core import cart_lines, cart_steps, carts
from functions.core.asks import Ask
from functions.core.events import Consent, Event, event_id
from functions.core.exchange import Counting
from functions.core.segments.filters import (
    Filter,
    Predicate,
    exact,
    path_of,
    predicate,
    property_value,
    values,
)
from functions.core.statements import UNREADABLE, decoded, encoded

# Wide enough for every sum of CAP numbers below 10**24 with 24 decimals.
EXACT = Context(prec=120)

# How much an answer about marketing forbids; the strictest over a person's identifiers counts.
STRICTNESS: Mapping[Consent, int] = {"subscribed": 0, "pending": 1, "unsubscribed": 2}

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode

# Keys: below UNKEYED the hash of an event's id, then natural keys, then values of a correlation key.
UNKEYED = 1 << 16
NATURAL = 1 << 40

# What the short key of an entry tells apart: natural and correlation keys, else events of one second.
Short = int | tuple[int, int, int]

# A number beyond this is no key: Python does not write out whole numbers of any length.
_LARGEST_KEY = 10**1000


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
    def ask(self) -> Ask:
        """How much of the timeline is needed."""
        return Ask(self.keep, self.horizon)


def match(spec: TimelineSpec, event: Event) -> Entry | None:
    """The entry that the event makes in the timeline, one of them if it makes several; None if it does not match."""
    return next(iter(matches(spec, event)), None)


def matches(spec: TimelineSpec, event: Event) -> Iterable[Entry]:
    """The entries that the event makes in the timeline: none, one, or one for each of several keys."""
    if spec.consent:
        return _consents(event)
    if spec.trait is not None:
        return _statements(spec.trait, event)
    if event.name not in spec.events or not spec.timely(event.time):
        return ()
    counted = event.properties if spec.money is None else spec.money.counted(event.properties, event.time)
    if not spec.accepts(counted) or (spec.without is not None and _keys(event.properties, spec.without)):
        return ()
    if spec.cart:
        return _cart_steps(str(spec.by), event)
    if spec.first:
        return (Entry(event.time, 0, 0),)
    own = _occurrence_key(spec, event) if spec.occurrence else whole_key(event)
    lines = cart_lines.encoded(event) if spec.lines else None
    if spec.by is not None:
        keys = _keys(event.properties, spec.by)
        return [_paired(event.time, key, own) if spec.occurrence else Entry(event.time, 0, key, lines) for key in keys]
    if spec.said is not None:
        said = _sayings(spec.said, event, counted)
        return [each._replace(key=own[0], rest=own[1]) for each in said] if spec.occurrence else said
    if spec.value is None and spec.group is None:
        return (Entry(event.time, 0, own[0], lines, own[1]),)
    if spec.group is not None:
        group = key_of(event.properties, spec.group)
        value = None if group is None else Decimal(group)
    else:
        value = number_at(counted, str(spec.value))
    if value is None:
        return ()
    return (Entry(event.time, event.revision if event.natural else 0, own[0], value, own[1]),)


def _occurrence_key(spec: TimelineSpec, event: Event) -> tuple[int, int]:
    """By what the occurrence is known that the event tells of: its own property, else as any event is."""
    path = dict(spec.occurrence).get(event.name)
    found = None if path is None else key_of(event.properties, path)
    return whole_key(event) if found is None else (found, 0)


def _paired(time: int, key: int, occurrence: tuple[int, int]) -> Entry:
    """An entry of a correlation key and the occurrence that told it: of each pair the latest counts."""
    text = f"{key:x}.{occurrence[0]:x}.{occurrence[1]:x}"
    return Entry(time, 0, NATURAL + _hash(text, 6), text)


def pair_of(entry: Entry) -> tuple[int, int]:
    """The correlation key and the occurrence's key of such an entry."""
    key, occurrence, _ = str(entry.value).split(".")
    return int(key, 16), int(occurrence, 16)


def _keys(properties: Mapping[str, Any], by: str) -> Collection[int]:
    found = (key_hash(value) for value in values(properties, path_of(by)))
    return {key for key in found if key is not None}


def _consents(event: Event) -> Iterable[Entry]:
    if event.consent is None:
        return ()
    strictness = STRICTNESS[event.consent]
    return [Entry(event.time, strictness, NATURAL + _hash(name, 6)) for name in event.identifiers]


def _sayings(path: str, event: Event, properties: Mapping[str, Any]) -> Iterable[Entry]:
    steps = path_of(path)
    found = values(properties, steps)
    if not found:
        return ()
    said = encoded(property_value(properties, steps[-1][0], found[0]))
    key, rest = _own_key(event.identifiers, event.sort)
    return (Entry(event.time, _sent(event), key, UNREADABLE if said == "null" else said, rest),)


def _cart_steps(by: str, event: Event) -> Iterable[Entry]:
    told, key = carts.step(event), key_of(event.properties, by)
    if told is None or (key is None and told.kind != "clear"):
        return ()
    revision, cart = event.revision if event.natural else _sent(event), key or NATURAL
    # What says all that a cart holds outdates what said it before, and so does what says that there is something.
    only = {"all": cart, "clear": cart, "some": NATURAL + _hash(f"some {cart}", 6)}.get(told.kind)
    known, rest = whole_key(event) if only is None else (only, 0)
    return (Entry(event.time, revision, known, cart_steps.encoded(cart - NATURAL, told), rest),)


def _hash(text: str, size: int) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:size])


def _hashes(text: str, size: int) -> tuple[int, int]:
    """The hash of so many bytes, and one more than the 48 bits that follow."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:size]), int.from_bytes(digest[size : size + 6]) + 1


@lru_cache(maxsize=1 << 9)
def _own_key(identifiers: tuple[str, ...], sort: str) -> tuple[int, int]:
    """Both of an event's id; an event asks for it once for each timeline that it stands in."""
    return _hashes(event_id(identifiers, sort), 2)


def whole_key(event: Event) -> tuple[int, int]:
    """What the event is known by in a timeline, its natural key or itself: the short key and the rest."""
    if event.natural:
        key, rest = _hashes(event.natural, 4)
        return UNKEYED + key, rest
    return _own_key(event.identifiers, event.sort)


def event_key(event: Event) -> int:
    """The short key."""
    return whole_key(event)[0]


def key_hash(value: Any) -> int | None:
    """The key under which a correlation value stands in a ``by`` timeline; None for what is no key."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal) or value == "":
        return None
    if isinstance(value, Decimal) and not value.is_finite():
        return None
    if not isinstance(value, str) and not -_LARGEST_KEY < value < _LARGEST_KEY:
        return None
    if isinstance(value, Decimal):
        value = int(value) if value == value.to_integral_value() and value.adjusted() < 40 else value.normalize()
    return NATURAL + _hash(str(value), 6)


def key_of(properties: Mapping[str, Any], by: str) -> int | None:
    """The key of the event's correlation value; 5 and "5" are one key."""
    found = values(properties, path_of(by))
    return key_hash(found[0]) if found else None


def number_at(properties: Mapping[str, Any], path: str) -> Decimal | None:
    """The number at the path, money in major units; of several members the sum. None if there is none."""
    steps = path_of(path)
    found = [property_value(properties, steps[-1][0], value) for value in values(properties, steps)]
    numbers = [value for value in found if isinstance(value, Decimal)]
    return exact(total(numbers)) if numbers else None


def total(numbers: Iterable[Decimal]) -> Decimal:
    """The exact sum."""
    amount = Decimal(0)
    for number in numbers:
        amount = EXACT.add(amount, number)
    return amount


def _statements(trait: str, event: Event) -> Iterable[Entry]:
    name = path_of(trait)[0][0]
    if name not in event.traits:
        return ()
    found = values(event.traits, path_of(trait))
    key, rest = _own_key(event.identifiers, event.sort)
    return (Entry(event.time, _sent(event), key, encoded(found[0] if found else None), rest),)


def _sent(event: Event) -> int:
    """Milliseconds of the sender's clock after the event's second: orders what was said in one second."""
    try:
        moment = datetime.fromisoformat(event.sort.partition("#")[0])
    except ValueError:
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp() * 1000) - event.time * 1000


def tie(event: Event) -> str:
    """Sorts statements of one second as trait timelines do."""
    return f"{_sent(event) + (1 << 44):014d}{_hash(event.id, 2):05d}"


def statement(entry: Entry) -> Any:
    """The trait's value as comparisons see it; None when it was taken back, a mapping when it cannot be compared."""
    return decoded(str(entry.value))
