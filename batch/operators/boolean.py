"""and, or, not, and the names that stand for conditions."""

import numpy as np

from batch.census import Census
from functions.core.segments.operator import Node
from functions.core.segments.registry import operators


def _and(census: Census, node: Node) -> np.ndarray:
    return np.logical_and.reduce([census.holds(each) for each in node["of"]])


def _or(census: Census, node: Node) -> np.ndarray:
    return np.logical_or.reduce([census.holds(each) for each in node["of"]])


def _not(census: Census, node: Node) -> np.ndarray:
    return ~census.holds(node["of"])


def _same(census: Census, node: Node) -> np.ndarray:
    (inside,) = operators()[node["op"]].children(node)
    return census.holds(inside)


HOLDS = {"and": _and, "or": _or, "not": _not, "let": _same, "name": _same}
