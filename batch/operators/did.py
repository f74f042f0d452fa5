"""did: how often something happened."""

import numpy as np

from batch.evaluator import Evaluator
from functions.core.segments.operator import Node
from functions.core.segments.operators.did import BOUNDS


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    people, told = evaluator.people, evaluator.people.told(node)
    who = told.who[people.inside(node, told.time)]
    ((bound, count),) = node.get("count", {"at least": 1}).items()
    if (bound, count) == ("at least", 1):
        found = people.mask(who)
    else:
        found = np.asarray(BOUNDS[bound](people.often(who), count))
    # Without an end before now the engine keeps as many as it counts, however many there are.
    return evaluator.corrected(node, found, told.who) if "between" in node else found


HOLDS = {"did": _holds}
