"""and, or, not, and the names that stand for conditions."""

import numpy as np

from batch.evaluator import Evaluator
from functions.core.segments.operator import Node
from functions.core.segments.registry import operators


def _and(evaluator: Evaluator, node: Node) -> np.ndarray:
    return np.logical_and.reduce([evaluator.holds(each) for each in node["of"]])


def _or(evaluator: Evaluator, node: Node) -> np.ndarray:
    return np.logical_or.reduce([evaluator.holds(each) for each in node["of"]])


def _not(evaluator: Evaluator, node: Node) -> np.ndarray:
    return ~evaluator.holds(node["of"])


def _same(evaluator: Evaluator, node: Node) -> np.ndarray:
    (inside,) = operators()[node["op"]].children(node)
    return evaluator.holds(inside)


HOLDS = {"and": _and, "or": _or, "not": _not, "let": _same, "name": _same}
