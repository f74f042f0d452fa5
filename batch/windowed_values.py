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
    events = people.measured(node)
    units, scale = events.numbers or Numbers(np.zeros(0, np.int64), 0)
    chosen = people.inside(node, events.time)
    return Measured(events.who, scale), events.who[chosen], units[chosen]


def totals(people: People, node: Node) -> tuple[Measured, np.ndarray, np.ndarray]:
    """All of the node's numbers; how many everybody has in its window, and their total, exactly."""
    events, who, units = inside(people, node)
    units = Numbers(units, events.scale).summable()
    total = np.zeros(people.count, units.dtype)
    np.add.at(total, who, units)
    return events, people.often(who), total
