"""Evaluates conditions on a person's latest event, by the engine's own verdict, once per distinct value."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from batch.event_rows import event
from batch.people import PeopleFrame
from batch.rows import Rows
from functions.core.base.events import Event
from functions.core.base.instants import FOREVER, Instant, holds
from functions.core.segments.engine.catalogue import compile_node
from functions.core.segments.operator import Node, Result
from functions.core.timelines.entry import Entry
from functions.core.timelines.matching import match, tie
from functions.core.timelines.retention import CAP
from functions.core.timelines.sealing import Bucket, Grain
from functions.core.timelines.spec import TimelineSpec


@dataclass(slots=True)
class SingleTimeline:
    """A minimal profile for the engine that has one timeline only."""

    now: int
    profile: str = ""
    statements: tuple[Entry, ...] = field(default=())
    cap: int = CAP
    grain: Grain = Grain.DAYS

    def entries(self, timeline: str) -> tuple[Entry, ...]:
        """The timeline's entries, whichever timeline is asked for."""
        return self.statements

    def sealed(self, timeline: str) -> tuple[Bucket, ...]:
        """Always empty: a latest value is never sealed."""
        return ()

    def coming(self, specs: Iterable[TimelineSpec]) -> int:
        """Always FOREVER: no event is known to come."""
        return FOREVER

    def coming_of(self, spec: TimelineSpec, key_of: Callable[[Entry], Hashable], key: Hashable) -> int:
        """Always FOREVER: no event is known to come."""
        return FOREVER

    def unbroken(self, specs: Iterable[TimelineSpec], end: int, window: int) -> int:
        """Always ``end``: no event is known to come."""
        return end

    def once(self, key: object, compute: Callable[[], Result]) -> Result:
        """What the function returns."""
        return compute()

    def forgotten(self, timeline: str) -> int | None:
        """Always None, as nothing was sealed."""
        return None

    def segment(self, segment: str) -> Instant:
        """Raise KeyError: no other segment is known here."""
        raise KeyError(segment)


def last_values(
    rows: Rows, path: str, spec: TimelineSpec, to_event: Callable[[Mapping[str, Any]], Event]
) -> tuple[Rows, Any]:
    """The rows that make an entry in the timeline, and each one's value as text."""
    places, answers = rows.asked([path], lambda row: match(spec, to_event(row)))
    texts = np.array([None if entry is None else entry.value for entry in answers], object)[places]
    makes = np.flatnonzero(texts != None)  # noqa: E711 (of each)
    return rows.at(makes), texts[makes]


def verdicts(people: PeopleFrame, node: Node, rows: Rows, texts: Any) -> np.ndarray:
    """A boolean array by person: the verdict on each one's latest row if it lies in the node's window."""
    verdict = compile_node(node).verdict
    verdict_of = {
        text: holds(verdict(SingleTimeline(people.now, statements=(Entry(people.now, 0, 0, text),))))
        for text in set(texts)
    }
    result = np.full(people.count, holds(verdict(SingleTimeline(people.now))))
    places = latest(people, rows, texts)
    places = places[people.inside(node, rows.time[places])]
    result[rows.who[places]] = [verdict_of[text] for text in texts[places]]
    return result


def latest(people: PeopleFrame, rows: Rows, texts: Any) -> np.ndarray:
    """The index of each person's latest row; within one second the one that was sent last.

    Of statements of a trait it is the latest of whoever is trusted most.
    """
    candidates = np.arange(len(rows))
    for column in ("#standing", "time") if rows.has("#standing") else ("time",):
        ranks, who = rows.whole(column)[candidates], rows.who[candidates]
        top = np.full(people.count, np.iinfo(np.int64).min)
        np.maximum.at(top, who, ranks)
        candidates = candidates[ranks == top[who]]
    people_of = rows.who[candidates]
    several = people.often(people_of)[people_of] > 1
    best: dict[int, tuple[str, int]] = {}
    for place in candidates[several]:
        row = rows.row(int(place))
        rank = (tie(event(row, rows.layout, int(place))) + str(texts[place]), int(place))
        best[row["who"]] = max(rank, best.get(row["who"], rank))
    return np.concatenate([candidates[~several], np.array([place for _, place in best.values()], np.int64)])
