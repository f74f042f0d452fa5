"""sum of."""

import numpy as np

from batch.evaluator import Evaluator
from batch.fixed_point import compared, threshold
from batch.windowed_values import totals
from functions.core.segments.operator import Node


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    events, _, total = totals(evaluator.people, node)
    limit = threshold(node["value"], events.scale)
    return evaluator.corrected(node, compared(total, node["compare"], limit), events.who)


HOLDS = {"sum": _holds}
