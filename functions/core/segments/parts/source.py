"""The timeline entries of one part of a condition, without occurrences that were taken back.

A definition of named events (``definitions/event_group.py``) may list events that take one of its occurrences back,
such as an order's cancellation. Both are joined by one property, such as the order's id. Each has a timeline of its
own, so the result does not depend on which arrived first, and an occurrence counts from its own time until it is taken
back.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

from functions.core.base.instants import FOREVER
from functions.core.segments.operator import Node, View
from functions.core.segments.parts.sealed import facts
from functions.core.segments.windows import Window
from functions.core.timelines.entry import EXACT, Entry
from functions.core.timelines.exchange import Counting, counting
from functions.core.timelines.matching import pair_of
from functions.core.timelines.sealing import Bucket
from functions.core.timelines.spec import TimelineSpec

Definition = Mapping[str, Any]
Occurrence = tuple[tuple[str, str], ...]


def takes_back(definition: Definition) -> bool:
    """True if the definition lists events that take its occurrences back."""
    return bool(definition.get("unless") or definition.get("refunds"))


def occurrences(*parts: Node) -> Occurrence:
    """For all parts of a condition together, the property that identifies an occurrence, by event name."""
    keys: dict[str, str] = {}
    for part in parts:
        for each in part["events"]:
            definition = {} if isinstance(each, str) else each.get("definition", {})
            if takes_back(definition):
                keys = {**dict.fromkeys(definition["any of"], definition["by"]), **keys}
    return tuple(sorted(keys.items()))


class TakenBack:
    """The occurrences of named events that were taken back, and the amounts paid back of the others."""

    def __init__(self, definition: Definition, money: Counting | None = None) -> None:
        names, by, refunds = definition["any of"], definition["by"], tuple(definition.get("refunds", ()))
        # The refund's key is in both of its timelines (amounts, owners) and so links it to its occurrence.
        self.ends = TimelineSpec(tuple(definition.get("unless", ())), group=by, keep=None)
        self.amounts = TimelineSpec(refunds, value=definition.get("amount"), keep=None, whole=True) if refunds else None
        # A full refund is detected in the refund's own currency; the remainder is counted in the condition's.
        self.counted = replace(self.amounts, money=money) if self.amounts and money else self.amounts
        self.owners = TimelineSpec(refunds, group=by, keep=None, whole=True)
        pairs = tuple(sorted((name, by) for name in names))
        self.totals = TimelineSpec(tuple(names), value=definition.get("amount"), keep=None, occurrence=pairs)

    @property
    def specs(self) -> tuple[TimelineSpec, ...]:
        """The timelines that it reads."""
        ends = (self.ends,) if self.ends.events else ()
        if self.amounts is None or self.counted is None:
            return ends
        return (*ends, self.amounts, *self._net, self.owners, self.totals)

    @property
    def _net(self) -> tuple[TimelineSpec, ...]:
        """The timeline of refund amounts in the condition's currency, if that is a separate one."""
        return () if self.counted is None or self.counted is self.amounts else (self.counted,)

    def next_loss(self, view: View) -> int:
        """When the next event comes that may take an occurrence back (seconds UTC); FOREVER if none is known."""
        ends = (self.ends,) if self.ends.events else ()
        if self.amounts is None:
            return view.coming(ends)
        # A report of an occurrence can show that it was paid back whole, if a refund was told before its amount.
        totals = (self.totals,) if view.entries(self.amounts.id) else ()
        return view.coming((*ends, self.amounts, *self._net, self.owners, *totals))

    def at(self, view: View) -> frozenset[int]:
        """The keys of occurrences that an event of ``unless`` or refunds of the whole amount have taken back."""
        ended = frozenset(int(entry.value) for entry in view.entries(self.ends.id) if isinstance(entry.value, Decimal))
        repaid = self._repaid(self.amounts, view)
        if not repaid:
            return ended
        whole = (entry.key for entry in view.entries(self.totals.id) if 0 < repaid.get(entry.key, 0) >= _number(entry))
        return ended.union(whole)

    def repaid(self, view: View) -> Mapping[int, Decimal]:
        """The amounts paid back by the view's instant, in major units, by the key of the occurrence."""
        return self._repaid(self.counted, view)

    def _repaid(self, amounts: TimelineSpec | None, view: View) -> Mapping[int, Decimal]:
        entries = view.entries(amounts.id) if amounts else ()
        if not entries:
            return {}
        owners = {entry.identity: entry.value for entry in view.entries(self.owners.id)}
        repaid: dict[int, Decimal] = defaultdict(Decimal)
        for entry in entries:
            owner = owners.get(entry.identity)
            if isinstance(owner, Decimal):
                repaid[int(owner)] = EXACT.add(repaid[int(owner)], _number(entry))
        return repaid


def _less(entry: Entry, amount: Decimal) -> Entry:
    return entry._replace(value=EXACT.subtract(_number(entry), amount))


def _number(entry: Entry) -> Decimal:
    return entry.value if isinstance(entry.value, Decimal) else Decimal(0)


class EntrySource:
    """The timeline entries of a part's events; ``shape`` holds the fields of ``TimelineSpec`` that say what is kept."""

    def __init__(self, part: Node, *, occurrence: Occurrence = (), **shape: Any) -> None:
        where, money = part.get("where"), counting(part)
        shape = {"money": money, **shape}
        if not occurrence and all(isinstance(each, str) for each in part["events"]):
            self._plain: TimelineSpec | None = TimelineSpec(tuple(part["events"]), where, **shape)
            self._groups: list[tuple[TimelineSpec, TakenBack]] = []
            return
        self._by, self._first = shape.get("by"), shape.get("first", False)
        plain, groups = _split(part["events"])
        pairs = tuple(pair for pair in occurrence if pair[0] in plain)
        self._plain = TimelineSpec(plain, where, occurrence=pairs, **shape) if plain or not groups else None
        whole = shape | {"keep": None, "first": False}
        self._groups = [
            (TimelineSpec(names, where, occurrence=_pairs(names, each, occurrence), **whole), TakenBack(each, money))
            for names, each in groups
        ]

    @property
    def specs(self) -> tuple[TimelineSpec, ...]:
        """The timelines that it reads."""
        plain = () if self._plain is None else (self._plain,)
        return (*plain, *(spec for each, taken in self._groups for spec in (each, *taken.specs)))

    @property
    def is_lasting(self) -> bool:
        """True if no event ever takes an entry away."""
        return not any(taken.specs for _, taken in self._groups)

    def next_loss(self, view: View) -> int:
        """When the next event comes that may take an entry away; others add entries or make them later."""
        return min((taken.next_loss(view) for _, taken in self._groups), default=FOREVER)

    @property
    def keep(self) -> int | None:
        """The number of latest entries kept; None for as many as a timeline can hold."""
        return None if self._groups or self._plain is None else self._plain.keep

    def entries(self, view: View) -> Sequence[Entry]:
        """The entries that count at the view's instant, oldest first."""
        if not self._groups:
            return view.entries(self._plain.id) if self._plain else ()
        # A score asks for them at each instant that it tries.
        return view.once(self, partial(self._remaining, view))

    def _remaining(self, view: View) -> Sequence[Entry]:
        return self._ordered([*self._others(view), *(entry for each in self._groups for entry in _left(*each, view))])

    def sealed(self, view: View) -> Sequence[Bucket]:
        """The buckets of events older than the entries, oldest first; taking such an event back has no effect."""
        if not self._groups:
            return view.sealed(self._plain.id) if self._plain else ()
        buckets = (bucket for address in self._own for bucket in view.sealed(address))
        return sorted(buckets, key=lambda bucket: (bucket.opens, bucket.last))

    def facts(self, view: View, span: Window) -> Mapping[str, Any]:
        """The facts on sealed events in the first timeline that has any; else ``{}``."""
        return next((limits for address in self._own if (limits := facts(view, address, span))), {})

    @property
    def own(self) -> tuple[TimelineSpec, ...]:
        """The events' own timelines, without those of the events that take them back."""
        plain = () if self._plain is None else (self._plain,)
        return (*plain, *(spec for spec, _ in self._groups))

    @property
    def _own(self) -> Sequence[str]:
        return [spec.id for spec in self.own]

    def told(self, view: View) -> Sequence[Entry]:
        """The entries, oldest first, including those that were taken back."""
        entries = [entry for spec, _ in self._groups for entry in view.entries(spec.id)]
        return self._ordered([*self._others(view), *entries])

    def taken(self, view: View) -> frozenset[int]:
        """The keys of the occurrences that were taken back."""
        return frozenset[int]().union(*(taken.at(view) for _, taken in self._groups))

    def net(self, view: View) -> Sequence[Entry]:
        """The entries that count, with the amount paid back of each subtracted from its value."""
        entries = list(self._others(view))
        for spec, taken in self._groups:
            repaid = taken.repaid(view)
            left = _left(spec, taken, view)
            entries += [_less(entry, repaid[entry.key]) if entry.key in repaid else entry for entry in left]
        return self._ordered(entries)

    def _others(self, view: View) -> Iterable[Entry]:
        return view.entries(self._plain.id) if self._plain else ()

    def _ordered(self, entries: list[Entry]) -> Sequence[Entry]:
        if self._by is not None:
            latest: dict[int, int] = {}
            for entry in entries:
                key = entry.key if entry.value is None else pair_of(entry)[0]
                latest[key] = max(entry.time, latest.get(key, entry.time))
            entries = [Entry(time, 0, key) for key, time in latest.items()]
        entries.sort()
        return entries[:1] if self._first else entries


def _left(spec: TimelineSpec, taken: TakenBack, view: View) -> Iterable[Entry]:
    """The entries of occurrences that were not taken back."""
    entries = view.entries(spec.id)
    gone = taken.at(view) if entries else frozenset()
    if not gone:
        return entries
    if spec.by is not None:
        return [entry for entry in entries if pair_of(entry)[1] not in gone]
    return [entry for entry in entries if entry.key not in gone]


def _pairs(names: tuple[str, ...], definition: Definition, occurrence: Occurrence) -> Occurrence:
    keys = dict(occurrence)
    return tuple(sorted((name, keys[name] if name in keys else str(definition["by"])) for name in names))


def _split(
    events: Iterable[str | Mapping[str, Any]],
) -> tuple[tuple[str, ...], list[tuple[tuple[str, ...], Definition]]]:
    """The event names of which every occurrence counts, and groups of names whose definition can take them back.

    An event that is also listed by its own name counts in any case.
    """
    plain: dict[str, None] = {}
    groups: list[tuple[Sequence[str], Definition]] = []
    for each in events:
        definition: Definition = {"any of": [each]} if isinstance(each, str) else each.get("definition", {"any of": []})
        if takes_back(definition):
            groups.append((definition["any of"], definition))
        else:
            plain.update(dict.fromkeys(definition["any of"]))
    seen, parts = set(plain), []
    for names, definition in groups:
        rest = tuple(name for name in names if name not in seen)
        seen.update(rest)
        if rest:
            parts.append((rest, definition))
    return tuple(plain), parts
