"""in segment."""

import numpy as np

from batch.evaluator import Evaluator
from functions.core.segments.operator import Node


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    return evaluator.segment(node["segment"])


HOLDS = {"in segment": _holds}
