"""average of."""

from fractions import Fraction

import numpy as np

from batch.evaluator import Evaluator
from batch.fixed_point import compared, scaled, threshold
from batch.windowed_values import totals
from functions.core.segments.operator import Node


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    """Compare the sum with the threshold times the count: exact, where a quotient would be rounded."""
    events, count, total = totals(evaluator.people, node)
    limit = threshold(node["value"], events.scale)
    difference = scaled(total, limit.denominator) - scaled(count, limit.numerator)
    return evaluator.corrected(node, compared(difference, node["compare"], Fraction(0)) & (count > 0), events.who)


HOLDS = {"average": _holds}
