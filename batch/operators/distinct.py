"""distinct count of."""

import numpy as np

from batch.evaluator import Evaluator
from batch.fixed_point import compared, threshold
from functions.core.segments.operator import Node


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    people = evaluator.people
    events, keys = people.keyed(node, node["property"])
    recent = people.inside(node, events.time)
    different, codes = np.unique(keys[recent], return_inverse=True)
    pairs = np.unique(events.who[recent] * max(len(different), 1) + codes)
    count = people.often(pairs // max(len(different), 1))
    return evaluator.corrected(node, compared(count, node["compare"], threshold(node["value"], 0)), events.who)


HOLDS = {"distinct": _holds}
