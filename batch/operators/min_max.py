"""minimum of, maximum of."""

import numpy as np

from batch.evaluator import Evaluator
from batch.fixed_point import compared, threshold
from batch.windowed_values import inside
from functions.core.segments.operator import Node

# What decides the comparison of the least number: whether any number is below, or whether none is at or below …
_OF_MINIMUM = {"<": ("<", True), "<=": ("<=", True), ">": ("<=", False), ">=": ("<", False)}
_OF_MAXIMUM = {">": (">", True), ">=": (">=", True), "<": (">=", False), "<=": (">", False)}


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    people, (events, who, units) = evaluator.people, inside(evaluator.people, node)
    limit, deciding = threshold(node["value"], events.scale), _OF_MINIMUM if node["op"] == "minimum" else _OF_MAXIMUM

    def holds(how: str) -> np.ndarray:
        deciding_how, some = deciding[how]
        passing = people.mask(who[compared(units, deciding_how, limit)])
        return passing if some else people.mask(who) & ~passing

    if node["compare"] in deciding:
        return evaluator.corrected(node, holds(node["compare"]), events.who)
    equal = holds("<=") & holds(">=")
    unequal = people.mask(who) & ~equal
    return evaluator.corrected(node, equal if node["compare"] == "=" else unequal, events.who)


HOLDS = {"minimum": _holds, "maximum": _holds}
