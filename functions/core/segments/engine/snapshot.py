"""A profile's state as seen at one instant, and the verdicts of conditions on it."""

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable
from operator import attrgetter
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.profiles.state import State, Timeline
from functions.core.segments.engine.catalogue import Catalogue, compile_node
from functions.core.segments.operator import Node, Result
from functions.core.timelines.entry import Entry
from functions.core.timelines.sealing import Bucket, Grain, reach
from functions.core.timelines.spec import TimelineSpec

_time = attrgetter("time")


class Snapshot:
    """A view of a state at one instant for conditions to read; entries later than the instant are hidden."""

    __slots__ = ("_catalogue", "_entries", "_hidden", "_results", "_state", "_verdicts", "now")

    def __init__(self, state: State, catalogue: Catalogue, now: int) -> None:
        self.now = now
        self._state = state
        self._catalogue = catalogue
        self._hidden = FOREVER
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._verdicts: dict[str, Instant] = {}
        self._results: dict[object, Any] = {}

    def fresh(self) -> "Snapshot":
        """A new snapshot of the same state and instant, without cached verdicts.

        How long a verdict stays right depends on the hidden entries seen so far, so separate conditions need separate
        snapshots.
        """
        return Snapshot(self._state, self._catalogue, self.now)

    @property
    def cap(self) -> int:
        """The most entries that a timeline keeps one by one for conditions that need all of them."""
        return self._catalogue.halved(self._state.halvings).cap

    @property
    def grain(self) -> Grain:
        """How long the buckets are in which older entries are added up."""
        return Grain.after(self._state.halvings)

    @property
    def profile(self) -> str:
        """The id of the profile."""
        return self._state.profile

    def stored(self, timeline: str) -> Timeline | None:
        """The timeline of the state, entries later than now included; None if the state has none."""
        return self._state.timelines.get(timeline)

    def entries(self, timeline: str) -> tuple[Entry, ...]:
        """The timeline's entries up to now, oldest first."""
        visible = self._entries.get(timeline)
        if visible is None:
            visible = self._entries[timeline] = self._visible(timeline)
        return visible

    def _visible(self, timeline: str) -> tuple[Entry, ...]:
        stored = self.stored(timeline)
        if stored is None:
            return ()
        entries = stored.entries
        if entries[-1].time <= self.now:
            return entries
        visible = entries[: bisect_right(entries, self.now, key=_time)]
        self._hidden = min(self._hidden, entries[len(visible)].time)
        return visible

    def sealed(self, timeline: str) -> tuple[Bucket, ...]:
        """The timeline's buckets up to now, oldest first: days and months kept only as count, sum and extremes."""
        stored = self.stored(timeline)
        if stored is None or not stored.held.sealed:
            return ()
        coming = [each.last for each in stored.held.sealed if each.last > self.now]
        self._hidden = min([self._hidden, *coming])
        return tuple(each for each in stored.held.sealed if each.last <= self.now)

    def forgotten(self, timeline: str) -> int | None:
        """The latest possible beginning (seconds UTC) of a bucket that was dropped; None if none can have been."""
        stored, span = self.stored(timeline), reach(self._catalogue.retentions.get(timeline, ()))
        return None if stored is None or span is None else stored.entries[-1].time - span

    def coming(self, specs: Iterable[TimelineSpec]) -> int:
        """When the next event comes for one of the timelines: nothing is known of it."""
        return FOREVER

    def coming_of(self, spec: TimelineSpec, key_of: Callable[[Entry], Hashable], key: Hashable) -> int:
        """When the next event comes with the key: nothing is known of it."""
        return FOREVER

    def unbroken(self, specs: Iterable[TimelineSpec], end: int, window: int) -> int:
        """Until when events follow each other within ``window`` seconds: nothing is known of any after ``end``."""
        return end

    def once(self, key: object, compute: Callable[[], Result]) -> Result:
        """What the function returns, computed once for each key."""
        if key not in self._results:
            self._results[key] = compute()
        result: Result = self._results[key]
        return result

    def segment(self, segment: str) -> Instant:
        """The segment's verdict, right until its instant or the next hidden entry, whichever is earlier."""
        verdict = self._verdicts.get(segment)
        if verdict is None:
            verdict = self.verdict(self._catalogue.segments[segment].verdict)
            self._verdicts[segment] = verdict
        return verdict

    def verdict(self, condition: Callable[["Snapshot"], Instant]) -> Instant:
        """The verdict of any condition, limited to the time of the next hidden entry."""
        verdict = condition(self)
        if abs(verdict) <= self._hidden:
            return verdict
        return self._hidden if verdict > 0 else -self._hidden


def evaluate(state: State, catalogue: Catalogue, now: int, segments: Iterable[str] | None = None) -> dict[str, Instant]:
    """The verdicts at the instant by segment id, for all segments or for those named."""
    snapshot = Snapshot(state, catalogue, now)
    return {name: snapshot.segment(name) for name in (catalogue.segments if segments is None else segments)}


def judge(node: Node, state: State, catalogue: Catalogue, now: int) -> Instant:
    """The verdict of a condition outside any segment, such as a flow's check; its timelines must be kept."""
    return Snapshot(state, catalogue, now).verdict(compile_node(node).verdict)


def entries(state: State, catalogue: Catalogue, spec: TimelineSpec) -> list[Entry]:
    """The stored entries of a timeline that is in the catalogue, newest first."""
    stored = state.timelines.get(spec.id)
    return list(reversed(stored.entries)) if stored else []
