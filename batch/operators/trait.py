"""trait, trait date: the latest value of a trait."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from batch.evaluator import Evaluator
from batch.latest import last_values, latest, verdicts
from functions.core.base import zones
from functions.core.base.events import Event
from functions.core.segments.operator import Node
from functions.core.segments.operators.trait_date import ZONE
from functions.core.timelines.json_values import decoded
from functions.core.timelines.spec import TimelineSpec


def _made(traits: Mapping[str, Any]) -> Event:
    return Event("Identified", 0, 0, ("user_id:x",), "", "file", traits=traits)


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    answers, texts = last_values(evaluator.people.traits, node["trait"], TimelineSpec(trait=node["trait"]), _made)
    return verdicts(evaluator.people, node, answers, texts)


def _dated(evaluator: Evaluator, node: Node) -> np.ndarray:
    """Evaluate everybody by the calendar of their own time zone, or of the shop's."""
    people = evaluator.people
    rows, texts = last_values(people.traits, "timezone", ZONE, _made)
    places = latest(people, rows, texts)
    zone_of = np.full(people.count, None, object)
    zone_of[rows.who[places]] = [zones.canonical(decoded(text)) for text in texts[places]]
    verdicts = _holds(evaluator, node)
    for zone in {each for each in zone_of if each}:
        in_zone = zone_of == zone
        verdicts[in_zone] = _holds(evaluator, {**node, "zone": zone})[in_zone]
    return verdicts


HOLDS = {"trait": _holds, "trait date": _dated}
