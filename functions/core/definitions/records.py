"""Versions of definitions, and the backfills that bring every profile up to them. Times are seconds UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from functions.core.timelines.versions import TimelineVersions

# Borders are no text that anybody writes: the nightly refresh keeps them.
Kind = Literal["segments", "scores", "flows", "templates", "events", "rates", "borders"]


@dataclass(frozen=True, slots=True)
class EntryOnPublish:
    """That those whom a new version of a segment brings in be treated as entering now.

    ``before`` is the condition of those who were in before and are not meant; None when nobody was.
    """

    before: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Definition:
    """One version of a definition: the text as saved, and the JSON it compiles from.

    ``replaces`` is the version that was current before; 0 for the first. ``revision`` is that of its publication.
    ``kept`` is what it asks of timelines, and since which publication; 0 is its own, whose number is known when it is
    stored. ``resumed`` is when a flow last became active again; 0 if it was never anything else. ``withdrawn``
    marks the version that says that the definition is gone; its text is empty.
    """

    kind: str
    id: str
    version: int
    text: str
    body: Mapping[str, Any]
    author: str
    time: int
    replaces: int = 0
    revision: int = 0
    entry_on_publish: EntryOnPublish | None = None
    kept: TimelineVersions = field(default_factory=dict)
    resumed: int = 0
    withdrawn: bool = False


def dated(definition: Definition) -> Mapping[str, Any]:
    """The borders as stored; the rows of an earlier release say nowhere else when they were drawn."""
    return {"drawn": definition.time, **definition.body}


@dataclass(frozen=True, slots=True)
class Lane:
    """How far a backfill has come in one of its lanes, counted from the lane's beginning.

    ``place`` is where it goes on. ``finished`` is when it came to its end.
    """

    number: int
    pages: int = 0
    seen: int = 0
    place: str | None = None
    finished: int | None = None

    def after(self, seen: int, place: str | None, now: int) -> "Lane":
        """One page further; a page without a place to go on from is the last."""
        return Lane(self.number, self.pages + 1, self.seen + seen, place, now if place is None else None)


@dataclass(frozen=True, slots=True)
class Backfill:
    """A backfill for what was published with a revision.

    ``cause`` names the definition. ``of`` is the number of lanes, ``about`` that of profiles when it was asked for.
    ``lanes`` are those that have begun.
    """

    revision: int
    cause: str
    began: int
    of: int
    about: int
    lanes: tuple[Lane, ...] = ()

    @property
    def seen(self) -> int:
        """The profiles that were seen."""
        return sum(lane.seen for lane in self.lanes)

    @property
    def done(self) -> int:
        """The lanes that have come to their end."""
        return sum(lane.finished is not None for lane in self.lanes)

    @property
    def finished(self) -> int | None:
        """When the last lane came to its end."""
        return max(lane.finished or 0 for lane in self.lanes) if self.done >= self.of else None
