"""A replay of a person's events, for one or several segments: evaluates only where a verdict may change.

In a replay the events to come are known. A verdict says how long it lasts whatever of them comes: a condition is
evaluated again when the next event of its timelines comes, not at events of others, and one that more events cannot
change (``did … at least``, a score at its limits) is passed over until time may change it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

from functions.core.base.events import Event
from functions.core.base.instants import FOREVER, Instant
from functions.core.profiles.state import State
from functions.core.segments.engine.catalogue import Catalogue, CompiledSegment
from functions.core.segments.engine.folding import KnownEvents, joined
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.operator import Condition, Node, Verdict, View
from functions.core.segments.registry import operators
from functions.core.timelines.entry import Entry
from functions.core.timelines.matching import matches
from functions.core.timelines.spec import TimelineSpec

Entries = Mapping[str, list[Entry]]
Coming = Mapping[str, Sequence[int]]
_time = attrgetter("time")


class Replay:
    """The events of one person, folded up to an instant that only moves forward.

    ``events`` are sorted by time; ``looks`` counts the verdicts that were computed.
    """

    def __init__(self, events: Sequence[Event], catalogue: Catalogue, profile: str) -> None:
        self.catalogue = replace(catalogue, segments=_foreseen(catalogue))
        self.batches = {at: list(batch) for at, batch in groupby(events, key=_time)}
        self.looks = 0
        self._known = KnownEvents(events)
        self._state = State(profile=profile)
        self._made = {at: _entries(batch, catalogue) for at, batch in self.batches.items()}
        self._coming: dict[str, list[int]] = {}
        for at, made in self._made.items():
            for address in made:
                self._coming.setdefault(address, []).append(at)
        self._instants = list(self.batches)
        self._folded = 0
        self._touched: frozenset[str] = frozenset()
        self._snapshot: _ReplaySnapshot | None = None

    def move_to(self, at: int) -> frozenset[str]:
        """Fold everything up to the instant; return the timelines that events of the instant itself changed."""
        if self._snapshot is not None and self._snapshot.now == at:
            return self._touched
        before = bisect_right(self._instants, at - 1)
        self._fold(self._instants[self._folded : before])
        after = bisect_right(self._instants, at, before)
        self._touched = self._fold(self._instants[before:after])
        self._folded = after
        self._snapshot = _ReplaySnapshot(self._state, self.catalogue, at, self._coming)
        return self._touched

    def _fold(self, instants: Sequence[int]) -> frozenset[str]:
        added: dict[str, list[Entry]] = {}
        for at in instants:
            for address, entries in self._made[at].items():
                added.setdefault(address, []).extend(entries)
        timelines, touched = joined(self._state.timelines, added, self.catalogue, self._known)
        if touched:
            self._state = replace(self._state, timelines=timelines)
        return touched

    def verdict(self, segment: str) -> Instant:
        """The segment's verdict at the instant moved to, which lasts until its own instant whatever events come."""
        self.looks += 1
        if self._snapshot is None:
            raise ValueError("a verdict needs an instant: move to one first")
        return self._snapshot.segment(segment)


class _ReplaySnapshot(Snapshot):
    """A snapshot that knows when events come."""

    __slots__ = ("_coming",)

    def __init__(self, state: State, catalogue: Catalogue, now: int, coming: Coming) -> None:
        super().__init__(state, catalogue, now)
        self._coming = coming

    def coming(self, specs: Iterable[TimelineSpec]) -> int:
        """When the next event comes for one of the timelines; FOREVER if none does."""
        first = FOREVER
        for spec in specs:
            times = self._coming.get(spec.id, ())
            place = bisect_right(times, self.now)
            if place < len(times) and times[place] < first:
                first = times[place]
        return first


def _entries(events: Iterable[Event], catalogue: Catalogue) -> dict[str, list[Entry]]:
    """The entries that the events make, by timeline."""
    made: dict[str, list[Entry]] = {}
    for event in events:
        for spec in catalogue.candidates(event):
            if entries := matches(spec, event):
                made.setdefault(spec.id, []).extend(entries)
    return made


def _foreseen(catalogue: Catalogue) -> dict[str, CompiledSegment]:
    return {
        name: segment._replace(verdict=_heeding(segment.node).verdict) for name, segment in catalogue.segments.items()
    }


def _heeding(node: Node) -> Condition:
    """The condition compiled so that its verdict lasts until the next event of its timelines at most."""
    operator = operators()[node["op"]]
    children = [_heeding(child) for child in operator.children(node)]
    condition = operator.compile(node, children)
    inner = {spec.id for child in children for spec in child.specs}
    specs = tuple(spec for spec in condition.specs if spec.id not in inner)
    if condition.foresees or not specs:
        return condition
    return condition._replace(verdict=_limited(condition, specs))


def _limited(condition: Condition, specs: Sequence[TimelineSpec]) -> Verdict:
    def verdict(view: View) -> Instant:
        coming, lasting = view.coming(specs), condition.verdict(view)
        return max(-coming, min(coming, lasting))

    return verdict
