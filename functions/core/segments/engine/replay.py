"""A replay of a person's events, for one or several segments: evaluates only where a verdict may change.

In a replay the events to come are known. A verdict says how long it lasts whatever of them comes: a condition is
evaluated again when the next event of its timelines comes, not at events of others, and one that more events cannot
change (``did … at least``, a score at its limits) is passed over until time may change it.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from heapq import merge
from itertools import chain, groupby
from operator import attrgetter

from functions.core.base.events import Event
from functions.core.base.instants import FOREVER, Instant
from functions.core.profiles.state import State, Timeline
from functions.core.segments.engine.catalogue import Catalogue, CompiledSegment
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.operator import Condition, Node, Verdict, View
from functions.core.segments.registry import operators
from functions.core.timelines.entry import Entry
from functions.core.timelines.identities import AtHand
from functions.core.timelines.joining import join
from functions.core.timelines.matching import matches
from functions.core.timelines.sealing import Memory, TimelineContent
from functions.core.timelines.spec import TimelineSpec

_time = attrgetter("time")


class Replay:
    """The events of one person, and what they made of each timeline by an instant that only moves forward.

    ``events`` are in order; ``looks`` counts the verdicts that were computed. A timeline is folded when somebody reads
    it, with all events since the last time at once: a condition whose verdict lasts costs nothing meanwhile.
    """

    def __init__(self, events: Sequence[Event], catalogue: Catalogue, profile: str) -> None:
        self.catalogue = replace(catalogue, segments=_foreseen(catalogue))
        self.batches = {at: list(batch) for at, batch in groupby(events, key=_time)}
        self.looks = 0
        self._timelines = _timelines(events, self.catalogue)
        self._state = State(profile=profile)
        self._snapshot: _ReplaySnapshot | None = None

    def move_to(self, at: int) -> None:
        """Make this the instant of what is asked next."""
        if self._snapshot is None or self._snapshot.now != at:
            self._snapshot = _ReplaySnapshot(self._state, self.catalogue, at, self._timelines)

    def is_touched(self, segment: str) -> bool:
        """True if events of the instant itself changed one of the segment's timelines."""
        at, addresses = self._present.now, self.catalogue.segments[segment].timelines
        return any(self._timelines[each].is_touched(at) for each in addresses if each in self._timelines)

    def verdict(self, segment: str) -> Instant:
        """The segment's verdict at the instant moved to, which lasts until its own instant whatever events come."""
        self.looks += 1
        return self._present.segment(segment)

    @property
    def _present(self) -> "_ReplaySnapshot":
        if self._snapshot is None:
            raise ValueError("a verdict needs an instant: move to one first")
        return self._snapshot


class _ReplayedTimeline:
    """All entries that a person's events make in one timeline, by instant, and the timeline of those folded so far."""

    def __init__(self, spec: TimelineSpec, catalogue: Catalogue) -> None:
        self.instants: list[int] = []
        self._made: list[list[Entry]] = []
        self._folded = 0
        self._content = self._before = TimelineContent()
        self._batch = FOREVER
        self._join = partial(
            join,
            retentions=catalogue.retentions[spec.id],
            spec=spec,
            at_hand=AtHand(partial(chain.from_iterable, self._made)),
            memory=Memory(catalogue.cap, catalogue.grain),
        )

    def add(self, at: int, entries: Iterable[Entry]) -> None:
        """Add what an event makes; no event is earlier than the one before."""
        if self.instants and self.instants[-1] == at:
            self._made[-1].extend(entries)
        else:
            self.instants.append(at)
            self._made.append(list(entries))

    def at(self, now: int) -> Timeline | None:
        """The timeline at the instant (seconds UTC), which is never before the last one; None before the first."""
        begin = self._folded
        if begin < len(self.instants) and self.instants[begin] <= now:
            self._folded = end = bisect_right(self.instants, now, begin)
            present = end - (self.instants[end - 1] == now)
            self._before, self._batch = self._fold(begin, present), now
            self._content = self._before
            self._content = self._fold(present, end)
        return Timeline(self._content) if self._folded else None

    def _fold(self, begin: int, end: int) -> TimelineContent:
        added = list(chain.from_iterable(self._made[begin:end]))
        return self._join(self._content, added) if added else self._content

    def is_touched(self, now: int) -> bool:
        """True if events of the instant itself changed the timeline."""
        self.at(now)
        return self._batch == now and self._content != self._before

    def next_after(self, now: int) -> int:
        """The instant of the next event; FOREVER if none comes."""
        place = bisect_right(self.instants, now)
        return self.instants[place] if place < len(self.instants) else FOREVER

    def following(self, now: int) -> Iterator[int]:
        """The instants of events after ``now``."""
        return map(self.instants.__getitem__, range(bisect_right(self.instants, now), len(self.instants)))


def _timelines(events: Iterable[Event], catalogue: Catalogue) -> dict[str, _ReplayedTimeline]:
    """Everything that the events make, by timeline."""
    timelines: dict[str, _ReplayedTimeline] = {}
    for event in events:
        for spec in catalogue.candidates(event):
            if entries := matches(spec, event):
                timeline = timelines.get(spec.id)
                if timeline is None:
                    timeline = timelines[spec.id] = _ReplayedTimeline(spec, catalogue)
                timeline.add(event.time, entries)
    return timelines


class _ReplaySnapshot(Snapshot):
    """A snapshot that knows when events come."""

    __slots__ = ("_replayed",)

    def __init__(self, state: State, catalogue: Catalogue, now: int, replayed: Mapping[str, _ReplayedTimeline]) -> None:
        super().__init__(state, catalogue, now)
        self._replayed = replayed

    def stored(self, timeline: str) -> Timeline | None:
        """The timeline of the events up to now; None if there are none."""
        replayed = self._replayed.get(timeline)
        return None if replayed is None else replayed.at(self.now)

    def coming(self, specs: Iterable[TimelineSpec]) -> int:
        """When the next event comes for one of the timelines; FOREVER if none does."""
        first = FOREVER
        for spec in specs:
            if spec.id in self._replayed:
                first = min(first, self._replayed[spec.id].next_after(self.now))
        return first

    def unbroken(self, specs: Iterable[TimelineSpec], end: int, window: int) -> int:
        """The instant until which each event comes before ``window`` seconds have passed since the one before."""
        replayed = (self._replayed[spec.id] for spec in specs if spec.id in self._replayed)
        for at in merge(*(each.following(self.now) for each in replayed)):
            if at > end:
                break
            end = at + window
        return end


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
    verdict = condition.verdict if condition.foresees or not specs else _limited(condition, specs)
    return condition._replace(verdict=verdict if children else _remembered(verdict))


def _limited(condition: Condition, specs: Sequence[TimelineSpec]) -> Verdict:
    def verdict(view: View) -> Instant:
        coming, lasting = view.coming(specs), condition.verdict(view)
        return max(-coming, min(coming, lasting))

    return verdict


def _remembered(verdict: Verdict) -> Verdict:
    """The verdict, computed again once the last one has ended: of a formula, what others of its parts wait for."""
    last: Instant | None = None

    def remembered(view: View) -> Instant:
        nonlocal last
        if last is None or view.now >= abs(last):
            last = verdict(view)
        return last

    return remembered
