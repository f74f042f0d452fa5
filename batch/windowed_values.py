"""The numbers of a node's events within its window, and their totals."""

from typing import NamedTuple

import numpy as np

from batch.fixed_point import Numbers
from batch.people import PeopleFrame
from functions.core.segments.operator import Node


class Measured(NamedTuple):
    """The persons of all of a node's numbers, in the window or not, and the numbers' scale."""

    who: np.ndarray
    scale: int


class Inside(NamedTuple):
    """A node's numbers, and the persons and units of those in its window."""

    events: Measured
    who: np.ndarray
    units: np.ndarray


class Totals(NamedTuple):
    """A node's numbers, and by person the count and exact total of those in its window."""

    events: Measured
    count: np.ndarray
    total: np.ndarray


def inside(people: PeopleFrame, node: Node) -> Inside:
    """Select the node's numbers that are in its window."""
    events = people.measured(node)
    units, scale = events.numbers or Numbers(np.zeros(0, np.int64), 0)
    chosen = people.inside(node, events.time)
    return Inside(Measured(events.who, scale), events.who[chosen], units[chosen])


def totals(people: PeopleFrame, node: Node) -> Totals:
    """Add up each person's numbers in the node's window."""
    events, who, units = inside(people, node)
    units = Numbers(units, events.scale).summable()
    total = np.zeros(people.count, units.dtype)
    np.add.at(total, who, units)
    return Totals(events, people.often(who), total)
