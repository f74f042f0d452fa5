"""sum of."""

import numpy as np

from batch.census import Census
from batch.exact import compared, threshold
from batch.measured import totals
from functions.core.segments.operator import Node


def _holds(census: Census, node: Node) -> np.ndarray:
    told, _, total = totals(census.people, node)
    wanted = threshold(node["value"], told.scale)
    return census.corrected(node, compared(total, node["compare"], wanted), told.who)


HOLDS = {"sum": _holds}
