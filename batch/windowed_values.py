"""Numbers of a node's events inside its window, and their totals."""

from typing import NamedTuple

import numpy as np

from batch.fixed_point import Numbers
from batch.people import People
from functions.core.segments.operator import Node


class Measured(NamedTuple):
    """Whose the numbers are, window or not, and their scale."""

    who: np.ndarray
    scale: int


def inside(people: People, node: Node) -> tuple[Measured, np.ndarray, np.ndarray]:
    """All of the node's numbers; whose those in its window are, and their units."""
    told = people.measured(node)
    units, scale = told.numbers or Numbers(np.zeros(0, np.int64), 0)
    chosen = people.inside(node, told.time)
    return Measured(told.who, scale), told.who[chosen], units[chosen]


def totals(people: People, node: Node) -> tuple[Measured, np.ndarray, np.ndarray]:
    """All of the node's numbers; how many everybody has in its window, and their total, exactly."""
    told, who, units = inside(people, node)
    units = Numbers(units, told.scale).summable()
    total = np.zeros(people.count, units.dtype)
    np.add.at(total, who, units)
    return told, people.often(who), total
