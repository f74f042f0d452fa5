"""random: a share of everybody that stays the same."""

import numpy as np

from batch.evaluator import Evaluator
from functions.core.segments.operator import Node
from functions.core.segments.operators.random_share import share
from functions.core.timelines.filters import constant


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    percent = constant(node["percent"])
    return np.array([share(node["salt"], str(person)) < percent for person in evaluator.people.ids.to_list()], bool)


HOLDS = {"random": _holds}
