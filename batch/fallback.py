"""Evaluates person by person with the engine what has no columnar implementation, on the events that it needs only."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from batch.event_rows import event
from batch.people import PeopleFrame
from batch.words import canonical
from functions.core.base.events import Event
from functions.core.base.instants import holds as is_true
from functions.core.profiles.state import State
from functions.core.segments import engine
from functions.core.segments.engine import Catalogue
from functions.core.segments.operator import Node


def holds(people: PeopleFrame, nodes: Mapping[str, Node], who: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Evaluate conditions for everybody or the people ``who``; return a boolean array by person for each.

    None of the conditions may refer to a segment.
    """
    catalogue = engine.compile_catalogue(nodes)
    empty = _verdicts(State(), catalogue, people.now)
    verdicts = {name: np.full(people.count, empty[name]) for name in nodes}
    for person, profile, events in histories(people, catalogue, who):
        state, _ = engine.fold(State(profile=profile), events, catalogue, people.now)
        for name, verdict in _verdicts(state, catalogue, people.now).items():
            verdicts[name][person] = verdict
    return verdicts


def _verdicts(state: State, catalogue: Catalogue, now: int) -> dict[str, bool]:
    return {name: is_true(verdict) for name, verdict in engine.evaluate(state, catalogue, now).items()}


class History(NamedTuple):
    """A person's index, profile id and events."""

    place: int
    profile: str
    events: Sequence[Event]


def histories(people: PeopleFrame, catalogue: Catalogue, who: np.ndarray | None = None) -> Iterator[History]:
    """The histories of people with relevant events; of everybody if a condition uses ``random``."""
    frame = _concerned(people, catalogue)
    if who is not None:
        frame = frame.filter(pl.col("who").is_in(who.tolist()))
    rest: dict[int, Any] = {}
    if any('"random"' in canonical(segment.node) for segment in catalogue.segments.values()):
        rest = dict(enumerate(people.ids.to_list()))
    for person, rows in groupby(frame.iter_rows(named=True), key=itemgetter("who")):
        events = list(rows)
        rest.pop(person, None)
        own_events = [event(row, people.layout, n) for n, row in enumerate(events)]
        yield History(person, str(events[0]["person"]), own_events)
    yield from (History(person, str(profile), ()) for person, profile in rest.items())


def _concerned(people: PeopleFrame, catalogue: Catalogue) -> pl.DataFrame:
    specs = catalogue.specs.values()
    names = {name for spec in specs for name in spec.events}
    chosen = pl.col("name").cast(pl.String).is_in(list(names))
    if any(spec.trait is not None for spec in specs) and "traits" in people.frame.columns:
        chosen |= pl.col("traits").is_not_null()
    if any(spec.consent for spec in specs) and "consent" in people.frame.columns:
        chosen |= pl.col("consent").is_not_null()
    return people.frame.filter(chosen)
