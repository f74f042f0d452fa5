"""last value of, prediction."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from batch.census import Census
from batch.latest import said, verdicts
from batch.rows import Rows
from functions.core.events import Event
from functions.core.segments.named import event_names
from functions.core.segments.operator import Node
from functions.core.segments.operators.last_value import PREDICTED
from functions.core.timeline import TimelineSpec


def _holds(census: Census, node: Node) -> np.ndarray:
    rows = census.people.matching(node)
    if "between" in node:
        return _between(census, node, rows)
    return _by(census, node, rows)


def _by(census: Census, node: Node, rows: Rows) -> np.ndarray:
    name = next(iter(event_names(node["events"])), "")

    def made(properties: Mapping[str, Any]) -> Event:
        return Event(name, 0, 0, ("user_id:x",), "", "file", properties)

    found, texts = said(rows, node["property"], TimelineSpec((name,), said=node["property"]), made)
    return verdicts(census.people, node, found, texts)


def _between(census: Census, node: Node, rows: Rows) -> np.ndarray:
    """By the latest of the window, which ended before now."""
    inside = rows.at(np.flatnonzero(census.people.inside(node, rows.time)))
    found = _by(census, {name: said for name, said in node.items() if name != "between"}, inside)
    return census.corrected(node, found, rows.who)


def _predicted(census: Census, node: Node) -> np.ndarray:
    where = {"property": "model", "compare": "=", "value": node["model"]}
    asked = {"op": "last value", "property": "value", "events": [PREDICTED], "where": where}
    return _holds(census, {**asked, "compare": node["compare"], "value": node["value"]})


HOLDS = {"last value": _holds, "prediction": _predicted}
