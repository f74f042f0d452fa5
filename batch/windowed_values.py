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


class Inside(NamedTuple):
    """All of a node's numbers; whose those in its window are, and their units."""

    events: Measured
    who: np.ndarray
    units: np.ndarray


class Totals(NamedTuple):
    """All of a node's numbers; how many everybody has in its window, and their total, exactly."""

    events: Measured
    count: np.ndarray
    total: np.ndarray


def inside(people: People, node: Node) -> Inside:
    """The node's numbers, and those in its window."""
    events = people.measured(node)
    units, scale = events.numbers or Numbers(np.zeros(0, np.int64), 0)
    chosen = people.inside(node, events.time)
    return Inside(Measured(events.who, scale), events.who[chosen], units[chosen])


def totals(people: People, node: Node) -> Totals:
    """What the node's numbers in its window add up to for everybody."""
    events, who, units = inside(people, node)
    units = Numbers(units, events.scale).summable()
    total = np.zeros(people.count, units.dtype)
    np.add.at(total, who, units)
    return Totals(events, people.often(who), total)
