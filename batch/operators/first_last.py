"""first, last: when something happened for the first or the last time."""

import numpy as np

from batch.evaluator import Evaluator
from functions.core.segments.operator import Node, seconds


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    """Compare with the border: the first time is before it if any event is, the last time after it if any is."""
    people, rows = evaluator.people, evaluator.people.matching(node)
    border = people.now - seconds(node["within"] if "within" in node else node["more than"])
    early = rows.time <= border
    if node["op"] == "first":
        verdicts, compare = people.mask(rows.who[early]), "more than"
    else:
        verdicts, compare = people.mask(rows.who[~early]), "within"
    return verdicts if compare in node else people.mask(rows.who) & ~verdicts


HOLDS = {"first": _holds, "last": _holds}
