"""A profile at one instant: what conditions see, and the verdicts they give."""

from collections.abc import Callable, Iterable

from functions.core.base.instants import FOREVER, Instant
from functions.core.profiles.state import State
from functions.core.segments.engine.catalogue import Catalogue, compile_node
from functions.core.segments.operator import Node
from functions.core.timelines.entry import Entry
from functions.core.timelines.sealing import Bucket, reach
from functions.core.timelines.spec import TimelineSpec


class Snapshot:
    """A state at one instant, as conditions see it: entries appear at their time."""

    __slots__ = ("_catalogue", "_entries", "_hidden", "_state", "_verdicts", "now")

    def __init__(self, state: State, catalogue: Catalogue, now: int) -> None:
        self.now = now
        self._state = state
        self._catalogue = catalogue
        self._hidden = FOREVER
        self._entries: dict[str, tuple[Entry, ...]] = {}
        self._verdicts: dict[str, Instant] = {}

    def fresh(self) -> "Snapshot":
        """The same that nothing was asked of yet: how long its verdicts hold depends on what was looked at."""
        return Snapshot(self._state, self._catalogue, self.now)

    @property
    def cap(self) -> int:
        """How many single entries a timeline holds for what asks for all."""
        return self._catalogue.cap

    @property
    def profile(self) -> str:
        """Whose state it is."""
        return self._state.profile

    def entries(self, timeline: str) -> tuple[Entry, ...]:
        """The timeline's entries up to now, oldest first."""
        visible = self._entries.get(timeline)
        if visible is None:
            visible = self._entries[timeline] = self._visible(timeline)
        return visible

    def _visible(self, timeline: str) -> tuple[Entry, ...]:
        stored = self._state.timelines.get(timeline)
        if stored is None:
            return ()
        entries = stored.entries
        if entries[-1].time <= self.now:
            return entries
        visible = tuple(entry for entry in entries if entry.time <= self.now)
        self._hidden = min(self._hidden, entries[len(visible)].time)
        return visible

    def sealed(self, timeline: str) -> tuple[Bucket, ...]:
        """The days and months up to now of which only count, sum and extremes are kept, oldest first."""
        stored = self._state.timelines.get(timeline)
        if stored is None or not stored.held.sealed:
            return ()
        coming = [each.last for each in stored.held.sealed if each.last > self.now]
        self._hidden = min([self._hidden, *coming])
        return tuple(each for each in stored.held.sealed if each.last <= self.now)

    def forgotten(self, timeline: str) -> int | None:
        """Up to which instant days and months of the timeline began that may be forgotten; None if none is."""
        stored, span = self._state.timelines.get(timeline), reach(self._catalogue.retentions.get(timeline, ()))
        return None if stored is None or span is None else stored.entries[-1].time - span

    def segment(self, segment: str) -> Instant:
        """The segment's verdict: right until its instant, or until the next entry appears."""
        verdict = self._verdicts.get(segment)
        if verdict is None:
            verdict = self.verdict(self._catalogue.segments[segment].verdict)
            self._verdicts[segment] = verdict
        return verdict

    def verdict(self, condition: Callable[["Snapshot"], Instant]) -> Instant:
        """Any condition's verdict."""
        verdict = condition(self)
        if abs(verdict) <= self._hidden:
            return verdict
        return self._hidden if verdict > 0 else -self._hidden


def evaluate(state: State, catalogue: Catalogue, now: int, segments: Iterable[str] | None = None) -> dict[str, Instant]:
    """The verdicts at the instant, of all segments or of the named ones."""
    snapshot = Snapshot(state, catalogue, now)
    return {name: snapshot.segment(name) for name in (catalogue.segments if segments is None else segments)}


def judge(node: Node, state: State, catalogue: Catalogue, now: int) -> Instant:
    """The verdict of a condition that is no segment, such as a flow's check; its timelines must be kept."""
    return Snapshot(state, catalogue, now).verdict(compile_node(node).verdict)


def entries(state: State, catalogue: Catalogue, spec: TimelineSpec) -> list[Entry]:
    """The entries of a timeline that the catalogue was compiled with, newest first."""
    stored = state.timelines.get(spec.id)
    return list(reversed(stored.entries)) if stored else []
