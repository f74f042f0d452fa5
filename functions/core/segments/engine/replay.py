"""A replay of a person's events, for one or several segments: evaluates only where a verdict may change.

In a replay the events to come are known. A verdict says how long it lasts whatever of them comes: a condition is
evaluated again when the next event of its timelines comes, not at events of others, and one that more events cannot
change (``did … at least``, a score at its limits) is passed over until time may change it.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from heapq import merge

from functions.core.base.events import Event
from functions.core.base.instants import FOREVER, Instant
from functions.core.profiles.state import State, Timeline
from functions.core.segments.engine.catalogue import Catalogue, CompiledSegment
from functions.core.segments.engine.replayed_timelines import EventIndex, KeyOf, ReplayedTimeline
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.operator import Condition, Node, Verdict, View
from functions.core.segments.registry import operators
from functions.core.timelines.spec import TimelineSpec


class Replay:
    """What a person's events made of each timeline and segment by an instant that only moves forward.

    ``looks`` counts the verdicts that were computed. A timeline is folded when somebody reads it, with all events since
    the last time at once: a condition whose verdict lasts costs nothing meanwhile.
    """

    def __init__(self, index: EventIndex, profile: str) -> None:
        self.catalogue = replace(index.catalogue, segments=_foreseen(index.catalogue))
        self.looks = 0
        self._index = index
        self._timelines: dict[str, ReplayedTimeline] = {}
        self._state = State(profile=profile)
        self._snapshot: _ReplaySnapshot | None = None

    def batch(self, at: int) -> Sequence[Event]:
        """The person's events of the instant."""
        return self._index.at(at)

    def timeline(self, address: str) -> ReplayedTimeline:
        """The timeline with that address."""
        if address not in self._timelines:
            self._timelines[address] = ReplayedTimeline(self._index.matched(address))
        return self._timelines[address]

    def move_to(self, at: int) -> None:
        """Make this the instant of what is asked next."""
        if self._snapshot is None or self._snapshot.now != at:
            self._snapshot = _ReplaySnapshot(self._state, at, self)

    def is_touched(self, segment: str) -> bool:
        """True if events of the instant itself changed one of the segment's timelines."""
        at, addresses = self._present.now, self.catalogue.segments[segment].timelines
        return any(self.timeline(each).is_touched(at) for each in addresses)

    def verdict(self, segment: str) -> Instant:
        """The segment's verdict at the instant moved to, which lasts until its own instant whatever events come."""
        self.looks += 1
        return self._present.segment(segment)

    @property
    def _present(self) -> "_ReplaySnapshot":
        if self._snapshot is None:
            raise ValueError("a verdict needs an instant: move to one first")
        return self._snapshot


class _ReplaySnapshot(Snapshot):
    """A snapshot that knows which events come."""

    __slots__ = ("_timeline",)

    def __init__(self, state: State, now: int, replay: Replay) -> None:
        super().__init__(state, replay.catalogue, now)
        self._timeline = replay.timeline

    def stored(self, timeline: str) -> Timeline | None:
        """The timeline of the events up to now; None if there are none."""
        return self._timeline(timeline).at(self.now)

    def coming(self, specs: Iterable[TimelineSpec]) -> int:
        """When the next event comes for one of the timelines; FOREVER if none does."""
        return min((self._timeline(spec.id).matched.next_after(self.now) for spec in specs), default=FOREVER)

    def coming_of(self, spec: TimelineSpec, key_of: KeyOf, key: Hashable) -> int:
        """When the next event comes that may change the entries with the key; FOREVER if none does."""
        return self._timeline(spec.id).matched.next_of(key_of, key, self.now)

    def unbroken(self, specs: Iterable[TimelineSpec], end: int, window: int) -> int:
        """The instant until which each event comes before ``window`` seconds have passed since the one before."""
        for at in merge(*(self._timeline(spec.id).matched.following(self.now) for spec in specs)):
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
    return condition._replace(verdict=_remembered(verdict))


def _limited(condition: Condition, specs: Sequence[TimelineSpec]) -> Verdict:
    def verdict(view: View) -> Instant:
        coming, lasting = view.coming(specs), condition.verdict(view)
        return max(-coming, min(coming, lasting))

    return verdict


def _remembered(verdict: Verdict) -> Verdict:
    """The verdict, computed again once the last one has ended: parts that cannot change a formula's are not asked."""
    last: Instant | None = None

    def remembered(view: View) -> Instant:
        nonlocal last
        if last is None or view.now >= abs(last):
            last = verdict(view)
        return last

    return remembered
