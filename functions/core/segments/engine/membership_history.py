"""A profile's complete membership history of one segment, under the definitions in force at each time."""

from collections import deque
from collections.abc import Iterable, Sequence
from heapq import heapify, heapreplace
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from functions.core.base.events import Event
from functions.core.base.instants import FOREVER, Instant, holds
from functions.core.segments.engine.catalogue import Catalogue
from functions.core.segments.engine.replay import Replay

DEFINITION, TIME = "definition", "time"
_time, _id = attrgetter("time"), attrgetter("id")
Edits = tuple[dict[str, Any], ...]


class CatalogueVersion(NamedTuple):
    """One version of a segment and since when (seconds UTC) it applied; the first of several also applied before.

    ``segment`` is its id in the catalogue, ``version`` that of its definition. ``edits`` names the definitions whose
    publication made this version differ from the one before.
    """

    segment: str
    begins: int = 0
    version: int = 1
    edits: Edits = ()


def history(
    events: Iterable[Event],
    catalogue: Catalogue,
    segment: str | Sequence[CatalogueVersion],
    now: int,
    profile: str = "",
) -> list[dict[str, Any]]:
    """Every stay in the segment up to now, oldest first, as dicts.

    entered, left            seconds UTC; ``left`` is None for a stay that has not ended
    cause, left_by           the name of an event, "time" or "definition"
    version, left_version    the version of the segment in force at either instant
    edits, left_edits        the changed definitions, where the cause is "definition"
    """
    catalogue_versions = [CatalogueVersion(segment)] if isinstance(segment, str) else segment
    past = _in_order(event for event in events if event.time <= now)
    stays = _Stays(Replay(past, catalogue, profile), catalogue_versions, past[0].time if past else now)
    while (at := stays.next_look) <= now:
        stays.look(at)
    return stays.found


def entered(
    events: Iterable[Event], catalogue: Catalogue, segments: Iterable[str], now: int, profile: str = ""
) -> dict[str, int]:
    """When the person entered those of the segments that they are in at ``now`` (seconds UTC), all in one replay."""
    past = _in_order(event for event in events if event.time <= now)
    replay, start = Replay(past, catalogue, profile), past[0].time if past else now
    stays = {name: _Stays(replay, [CatalogueVersion(name)], start) for name in segments}
    waiting = [(each.next_look, name) for name, each in stays.items()]
    heapify(waiting)
    while waiting and waiting[0][0] <= now:
        at, name = waiting[0]
        stays[name].look(at)
        heapreplace(waiting, (stays[name].next_look, name))
    last = {name: each.found[-1] for name, each in stays.items() if each.found}
    return {name: stay["entered"] for name, stay in last.items() if stay["left"] is None}


def _in_order(events: Iterable[Event]) -> list[Event]:
    """The events by time, those of one second by id, which takes long to tell."""
    by_time = groupby(sorted(events, key=_time), key=_time)
    return [event for _, batch in by_time for event in _by_id(list(batch))]


def _by_id(events: list[Event]) -> list[Event]:
    return events if len(events) == 1 else sorted(events, key=_id)


def _in_force(catalogue_versions: Sequence[CatalogueVersion], at: int) -> CatalogueVersion:
    return next(
        (catalogue_version for catalogue_version in reversed(catalogue_versions) if catalogue_version.begins <= at),
        catalogue_versions[0],
    )


class _Stays:
    """A profile's stays in one segment, recorded look by look from the start (seconds UTC)."""

    def __init__(self, replay: Replay, versions: Sequence[CatalogueVersion], start: int) -> None:
        self.found: list[dict[str, Any]] = []
        self.next_look = start
        self._replay = replay
        self._version = _in_force(versions, start)
        self._later = deque(each for each in versions[1:] if each.begins > start)
        self._verdict: Instant | None = None

    def look(self, at: int) -> None:
        """Evaluate the segment at the instant, and once more by a version that begins then; record what changed."""
        self._replay.move_to(at)
        before, segment, cause = self._verdict, self._version.segment, None
        self._verdict = self._replay.verdict(segment)
        if self._later and self._later[0].begins == at:
            by_former, self._version = self._verdict, self._later.popleft()
            self._verdict = self._replay.verdict(self._version.segment)
            cause = None if holds(by_former) == holds(self._verdict) else DEFINITION
        if holds(self._verdict) != self._is_inside:
            self._note(at, cause or self._cause(at, segment, first=before is None))
        self.next_look = min(max(at + 1, abs(self._verdict)), *(each.begins for each in self._later), FOREVER)

    @property
    def _is_inside(self) -> bool:
        return bool(self.found) and self.found[-1]["left"] is None

    def _note(self, at: int, cause: str) -> None:
        """Record that a stay ends, or if there is none, that one begins."""
        edits = list(self._version.edits) if cause == DEFINITION else []
        if self._is_inside:
            self.found[-1].update(left=at, left_by=cause, left_version=self._version.version, left_edits=edits)
        else:
            entry = {"entered": at, "left": None, "cause": cause, "left_by": None}
            more = {"version": self._version.version, "left_version": None, "edits": edits, "left_edits": []}
            self.found.append(entry | more)

    def _cause(self, at: int, segment: str, *, first: bool) -> str:
        """What changed the segment's verdict at the instant: the name of an event that feeds it, or time."""
        batch = self._replay.batches.get(at, [])
        return self._last_name(batch, segment) if batch and (first or self._replay.is_touched(segment)) else TIME

    def _last_name(self, batch: list[Event], segment: str) -> str:
        """The name of the first event of the batch that feeds the segment; else of the batch's first."""
        mine = self._replay.catalogue.segments[segment].timelines
        feeding = (
            event.name for event in batch for spec in self._replay.catalogue.candidates(event) if spec.id in mine
        )
        return next(feeding, batch[0].name)
