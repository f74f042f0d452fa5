"""random: a share of everybody that stays the same."""

import numpy as np

from batch.census import Census
from functions.core.segments.filters import constant
from functions.core.segments.operator import Node
from functions.core.segments.operators.random_share import share


def _holds(census: Census, node: Node) -> np.ndarray:
    percent = constant(node["percent"])
    return np.array([share(node["salt"], str(person)) < percent for person in census.people.ids.to_list()], bool)


HOLDS = {"random": _holds}
