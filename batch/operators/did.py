"""did: how often something happened."""

import numpy as np

from batch.evaluator import Evaluator
from functions.core.segments.operator import Node
from functions.core.segments.operators.did import BOUNDS


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    people, events = evaluator.people, evaluator.people.events_of(node)
    who = events.who[people.inside(node, events.time)]
    ((bound, count),) = node.get("count", {"at least": 1}).items()
    if (bound, count) == ("at least", 1):
        verdicts = people.mask(who)
    else:
        verdicts = np.asarray(BOUNDS[bound](people.often(who), count))
    # Without an end before now the engine keeps as many as it counts, however many there are.
    return evaluator.corrected(node, verdicts, events.who) if "between" in node else verdicts


HOLDS = {"did": _holds}
