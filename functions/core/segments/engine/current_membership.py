"""The current membership of a segment: its verdict now, and since when that is what it is.

From its latest entry on, a segment's verdict is known exactly, in whatever order the events came. So every
entry by time has the instant that made it, even if nobody looked for months.
"""

from typing import NamedTuple

from functions.core.base.instants import Instant, holds, until
from functions.core.profiles.state import State
from functions.core.segments.engine.catalogue import Catalogue, Segment
from functions.core.segments.engine.snapshot import Snapshot


class Standing(NamedTuple):
    """The verdict on a segment now, since when it is what it is, and whether time made it so."""

    verdict: Instant
    since: int
    timed: bool


class CurrentMembership:
    """The memberships of a profile now, each worked out from the latest entry of its timelines."""

    __slots__ = ("_catalogue", "_latest", "_now", "_snapshots", "_state")

    def __init__(self, state: State, catalogue: Catalogue, now: int) -> None:
        self._state = state
        self._catalogue = catalogue
        self._now = now
        self._latest: dict[str, int] = {}
        self._snapshots: dict[int, Snapshot] = {}

    def of(self, segment: Segment) -> Standing:
        """Whether the person is in the segment now, and since when."""
        at = self._start(segment)
        verdict, since, timed = self._at(at).segment(segment.id), at, False
        while (instant := until(verdict)) is not None and instant <= self._now:
            at = max(instant, at + 1)
            before, verdict = verdict, self._at(at).segment(segment.id)
            if holds(before) != holds(verdict):
                since, timed = at, True
        return Standing(verdict, since, timed)

    def _start(self, segment: Segment) -> int:
        """The time of the segment's latest entry; now if it has none."""
        latest_by_timeline, timelines = self._latest, self._state.timelines
        latest: int | None = None
        for address in segment.timelines:
            timeline = timelines.get(address)
            if timeline is None:
                continue
            time = latest_by_timeline.get(address)
            if time is None:
                time = latest_by_timeline[address] = timeline.entries[-1].time
            latest = time if latest is None or time > latest else latest
        return self._now if latest is None else min(latest, self._now)

    def _at(self, instant: int) -> Snapshot:
        snapshot = self._snapshots.get(instant)
        if snapshot is None:
            snapshot = self._snapshots[instant] = Snapshot(self._state, self._catalogue, instant)
        return snapshot
