"""trait, trait date: what was last said of the person."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from batch.census import Census
from batch.latest import said, verdicts
from functions.core.events import Event
from functions.core.segments.operator import Node
from functions.core.timeline import TimelineSpec


def _made(traits: Mapping[str, Any]) -> Event:
    return Event("Identified", 0, 0, ("user_id:x",), "", "file", traits=traits)


def _holds(census: Census, node: Node) -> np.ndarray:
    found, texts = said(census.people.traits, node["trait"], TimelineSpec(trait=node["trait"]), _made)
    return verdicts(census.people, node, found, texts)


HOLDS = {"trait": _holds, "trait date": _holds}
