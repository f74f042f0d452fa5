"""distinct count of."""

import numpy as np

from batch.census import Census
from batch.exact import compared, threshold
from batch.filters import keys
from functions.core.segments.operator import Node


def _holds(census: Census, node: Node) -> np.ndarray:
    people, rows = census.people, census.people.matching(node)
    places, found = keys(rows, node["property"])
    recent = people.inside(node, rows.time[places])
    different, codes = np.unique(found[recent], return_inverse=True)
    pairs = np.unique(rows.who[places[recent]] * max(len(different), 1) + codes)
    count = people.often(pairs // max(len(different), 1))
    return census.corrected(node, compared(count, node["compare"], threshold(node["value"], 0)), rows.who[places])


HOLDS = {"distinct": _holds}
