"""distinct count of."""

import numpy as np

from batch.census import Census
from batch.exact import compared, threshold
from functions.core.segments.operator import Node


def _holds(census: Census, node: Node) -> np.ndarray:
    people = census.people
    told, found = people.keyed(node, node["property"])
    recent = people.inside(node, told.time)
    different, codes = np.unique(found[recent], return_inverse=True)
    pairs = np.unique(told.who[recent] * max(len(different), 1) + codes)
    count = people.often(pairs // max(len(different), 1))
    return census.corrected(node, compared(count, node["compare"], threshold(node["value"], 0)), told.who)


HOLDS = {"distinct": _holds}
