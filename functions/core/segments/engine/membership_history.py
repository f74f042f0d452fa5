"""A profile's complete membership history of one segment, under the definitions in force at each time."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from functions.core.base.events import Event
from functions.core.base.instants import FOREVER, Instant, holds
from functions.core.segments.engine.catalogue import Catalogue
from functions.core.segments.engine.replay import Replay
from functions.core.segments.engine.replayed_timelines import EventIndex

DEFINITION, TIME = "definition", "time"
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
    index = EventIndex(events, catalogue, now)
    stays = _Stays(Replay(index, profile), catalogue_versions, index.events[0].time if index.events else now)
    while (at := stays.next_look) <= now:
        stays.look(at)
    return stays.found


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
        batch = self._replay.batch(at)
        return self._last_name(batch, segment) if batch and (first or self._replay.is_touched(segment)) else TIME

    def _last_name(self, batch: Sequence[Event], segment: str) -> str:
        """The name of the first event of the batch that feeds the segment; else of the batch's first."""
        mine = self._replay.catalogue.segments[segment].timelines
        feeding = (
            event.name for event in batch for spec in self._replay.catalogue.candidates(event) if spec.id in mine
        )
        return next(feeding, batch[0].name)
