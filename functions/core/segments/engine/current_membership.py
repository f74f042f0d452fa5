"""The current membership of a profile in each segment: the verdict now, and since when it has been that.

From the time of its latest timeline entry on, a segment's verdict is known exactly, in whatever order events arrived.
So a change made by time alone gets its exact instant, even if the profile was not evaluated for months.
"""

from typing import NamedTuple

from functions.core.base.instants import Instant, holds, until
from functions.core.profiles.state import State
from functions.core.segments.engine.catalogue import Catalogue, CompiledSegment
from functions.core.segments.engine.snapshot import Snapshot


class Standing(NamedTuple):
    """A segment's verdict now, since when (seconds UTC) it has been that, and whether passing time alone caused it."""

    verdict: Instant
    since: int
    timed: bool


class CurrentMembership:
    """A profile's memberships now, each computed from the latest entry of the segment's timelines on."""

    __slots__ = ("_catalogue", "_latest", "_now", "_snapshots", "_state")

    def __init__(self, state: State, catalogue: Catalogue, now: int) -> None:
        self._state = state
        self._catalogue = catalogue
        self._now = now
        self._latest: dict[str, int] = {}
        self._snapshots: dict[int, Snapshot] = {}

    def of(self, segment: CompiledSegment) -> Standing:
        """The verdict on one segment now, since when it has been that, and whether time caused it."""
        at = self._start(segment)
        verdict, since, timed = self._at(at).segment(segment.id), at, False
        while (instant := until(verdict)) is not None and instant <= self._now:
            at = max(instant, at + 1)
            before, verdict = verdict, self._at(at).segment(segment.id)
            if holds(before) != holds(verdict):
                since, timed = at, True
        return Standing(verdict, since, timed)

    def _start(self, segment: CompiledSegment) -> int:
        """The time (seconds UTC) of the latest entry in the segment's timelines, at most now; now if there is none."""
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
