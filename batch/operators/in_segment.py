"""in segment."""

import numpy as np

from batch.census import Census
from functions.core.segments.operator import Node


def _holds(census: Census, node: Node) -> np.ndarray:
    return census.segment(node["segment"])


HOLDS = {"in segment": _holds}
