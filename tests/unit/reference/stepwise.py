"""The membership history, step by step: the person is folded and evaluated at every event, none passed over.

What the engine's replay is compared with, causes and versions included.
"""

from itertools import groupby

from functions.core.base.instants import holds, until
from functions.core.profiles.state import State
from functions.core.segments.engine import CatalogueVersion, KnownEvents, fold
from functions.core.segments.engine.snapshot import Snapshot

DEFINITION, TIME = "definition", "time"


def history(events, catalogue, segment, now, profile=""):
    """Every stay in the segment up to now, oldest first, as ``engine.history`` tells them."""
    catalogue_versions = [CatalogueVersion(segment)] if isinstance(segment, str) else segment
    past = sorted((event for event in events if event.time <= now), key=lambda event: (event.time, event.id))
    batches = {at: list(group) for at, group in groupby(past, key=lambda event: event.time)}
    start = min(batches, default=now)
    membership = _CurrentMembership(
        State(profile=profile), catalogue, _in_force(catalogue_versions, start), KnownEvents(past)
    )
    versions_by_start = {
        catalogue_version.begins: catalogue_version
        for catalogue_version in catalogue_versions[1:]
        if start < catalogue_version.begins <= now
    }
    for at in sorted({start, *batches, *versions_by_start}):
        membership.turn(at, batches.get(at, []), versions_by_start.get(at))
    membership.step(now)
    return membership.membership_history


def _in_force(catalogue_versions, at):
    return next((each for each in reversed(catalogue_versions) if each.begins <= at), catalogue_versions[0])


class _CurrentMembership:
    """A profile's stays in one segment, recorded step by step from the beginning."""

    def __init__(self, state, catalogue, catalogue_version, known_events: KnownEvents):
        self.membership_history: list[dict] = []
        self._state = state
        self._catalogue = catalogue
        self._catalogue_version = catalogue_version
        self._known = known_events
        self._verdict: int | None = None

    def turn(self, at, batch, catalogue_version):
        """Apply the events of an instant, then a new version of the segment, evaluated with those events."""
        self.step(at - 1)
        self._state, touched = fold(self._state, batch, self._catalogue, at, self._known)
        mine = touched & self._catalogue.segments[self._catalogue_version.segment].timelines
        if not (mine or catalogue_version or self._verdict is None):
            return
        cause = self._last_name(batch) if mine or (batch and self._verdict is None) else TIME
        self._verdict = self._look(at)
        if catalogue_version is not None:
            before, self._catalogue_version = self._verdict, catalogue_version
            self._verdict = self._look(at)
            cause = cause if holds(before) == holds(self._verdict) else DEFINITION
        self._note(holds(self._verdict), at, cause)

    def step(self, end):
        """Record the changes that time alone causes up to ``end``."""
        at = -1
        while self._verdict is not None and (instant := until(self._verdict)) is not None and at < instant <= end:
            at = instant
            self._verdict = self._look(at)
            self._note(holds(self._verdict), at, TIME)

    def _look(self, at):
        return Snapshot(self._state, self._catalogue, at).segment(self._catalogue_version.segment)

    def _note(self, inside, at, cause):
        edits = list(self._catalogue_version.edits) if cause == DEFINITION else []
        last = (
            self.membership_history[-1]
            if self.membership_history and self.membership_history[-1]["left"] is None
            else None
        )
        if inside and last is None:
            entry = {"entered": at, "left": None, "cause": cause, "left_by": None}
            more = {"version": self._catalogue_version.version, "left_version": None, "edits": edits, "left_edits": []}
            self.membership_history.append(entry | more)
        elif not inside and last is not None:
            last.update(left=at, left_by=cause, left_version=self._catalogue_version.version, left_edits=edits)

    def _last_name(self, batch):
        """The name of the first event of the batch that feeds the segment; else of the batch's first."""
        mine = self._catalogue.segments[self._catalogue_version.segment].timelines
        feeding = (event.name for event in batch for spec in self._catalogue.candidates(event) if spec.id in mine)
        return next(feeding, batch[0].name)
