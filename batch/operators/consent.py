"""consent is: of each identifier the latest answer, and of those the strictest."""

import numpy as np
import polars as pl

from batch.evaluator import Evaluator
from batch.people import PeopleFrame
from functions.core.segments.operator import Node
from functions.core.timelines.entry import STRICTNESS

_UNKNOWN = -1


def _strictness(people: PeopleFrame) -> np.ndarray:
    latest = (
        people.consents.with_columns(strict=pl.col("consent").cast(pl.String).replace_strict(dict(STRICTNESS)))
        .sort("time", "strict")
        .group_by("who", "identifier", maintain_order=True)
        .last()
    )
    strictness = np.full(people.count, _UNKNOWN)
    np.maximum.at(strictness, latest["who"].to_numpy(), latest["strict"].to_numpy())
    return strictness


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    strictness: int = STRICTNESS.get(node["answer"], _UNKNOWN)
    return _strictness(evaluator.people) == strictness


HOLDS = {"consent": _holds}
