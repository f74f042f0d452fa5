"""last value of, prediction."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from batch.evaluator import Evaluator
from batch.latest import last_values, verdicts
from batch.rows import Rows
from functions.core.base.events import Event
from functions.core.segments.language.named import event_names
from functions.core.segments.operator import Node
from functions.core.segments.operators.last_value import PREDICTED
from functions.core.timelines.spec import TimelineSpec


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    rows = evaluator.people.matching(node)
    if "between" in node:
        return _between(evaluator, node, rows)
    return _by(evaluator, node, rows)


def _by(evaluator: Evaluator, node: Node, rows: Rows) -> np.ndarray:
    name = next(iter(event_names(node["events"])), "")

    def made(properties: Mapping[str, Any]) -> Event:
        return Event(name, 0, 0, ("user_id:x",), "", "file", properties)

    answers, texts = last_values(rows, node["property"], TimelineSpec((name,), said=node["property"]), made)
    return verdicts(evaluator.people, node, answers, texts)


def _between(evaluator: Evaluator, node: Node, rows: Rows) -> np.ndarray:
    """Evaluate by the latest value of a window that ended before now."""
    inside = rows.at(np.flatnonzero(evaluator.people.inside(node, rows.time)))
    verdicts = _by(evaluator, {name: value for name, value in node.items() if name != "between"}, inside)
    return evaluator.corrected(node, verdicts, rows.who)


def _predicted(evaluator: Evaluator, node: Node) -> np.ndarray:
    where = {"property": "model", "compare": "=", "value": node["model"]}
    condition = {"op": "last value", "property": "value", "events": [PREDICTED], "where": where}
    return _holds(evaluator, {**condition, "compare": node["compare"], "value": node["value"]})


HOLDS = {"last value": _holds, "prediction": _predicted}
