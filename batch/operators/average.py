"""average of."""

from fractions import Fraction

import numpy as np

from batch.census import Census
from batch.exact import compared, scaled, threshold
from batch.measured import totals
from functions.core.segments.operator import Node


def _holds(census: Census, node: Node) -> np.ndarray:
    """The sum against the threshold times the count: exact, where a quotient would be rounded."""
    told, count, total = totals(census.people, node)
    wanted = threshold(node["value"], told.scale)
    difference = scaled(total, wanted.denominator) - scaled(count, wanted.numerator)
    return census.corrected(node, compared(difference, node["compare"], Fraction(0)) & (count > 0), told.who)


HOLDS = {"average": _holds}
