"""average of."""

from fractions import Fraction

import numpy as np

from batch.evaluator import Evaluator
from batch.fixed_point import compared, scaled, threshold
from batch.windowed_values import totals
from functions.core.segments.operator import Node


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    """The sum against the threshold times the count: exact, where a quotient would be rounded."""
    told, count, total = totals(evaluator.people, node)
    wanted = threshold(node["value"], told.scale)
    difference = scaled(total, wanted.denominator) - scaled(count, wanted.numerator)
    return evaluator.corrected(node, compared(difference, node["compare"], Fraction(0)) & (count > 0), told.who)


HOLDS = {"average": _holds}
