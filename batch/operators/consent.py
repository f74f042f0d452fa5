"""consent is: the answer that follows from everything that was stated (functions/core/timelines/consents.py)."""

import numpy as np
import polars as pl

from batch.evaluator import Evaluator
from batch.people import PeopleFrame
from functions.core.segments.operator import Node
from functions.core.timelines.consents import NEVER
from functions.core.timelines.entry import STRICTNESS

_UNKNOWN = -1
_YES, _UNDATED = pl.col("consent") == "subscribed", pl.col("undated")
# The latest statement of each kind: times, but for ``undated``, of which only the presence counts.
_LATEST = {
    "yes": _YES & ~_UNDATED,
    "pending": pl.col("consent") == "pending",
    "no": pl.col("consent") == "unsubscribed",
    "undated": _YES & _UNDATED,
}
_STRICTNESS = (
    pl.when(pl.col("no") >= pl.col("yes").fill_null(NEVER))
    .then(STRICTNESS["unsubscribed"])
    .when(pl.col("pending") >= pl.col("yes").fill_null(NEVER))
    .then(STRICTNESS["pending"])
    .when(pl.col("yes").is_not_null() | pl.col("undated").is_not_null())
    .then(STRICTNESS["subscribed"])
    .otherwise(_UNKNOWN)
)


def _strictness(people: PeopleFrame) -> np.ndarray:
    trusted = people.consents.filter(~_YES | (pl.col("trust") != "public"))
    latest = [pl.col("time").filter(chosen).max().alias(name) for name, chosen in _LATEST.items()]
    said = trusted.group_by("who", "address", maintain_order=True).agg(latest)
    unaddressed, addressed = said.filter(pl.col("address").is_null()), said.filter(pl.col("address").is_not_null())
    subjects = pl.concat([addressed, unaddressed.join(addressed, on="who", how="anti")])
    both = subjects.join(unaddressed, on="who", how="left", suffix="_of_all")
    answers = both.with_columns(pl.max_horizontal(name, f"{name}_of_all") for name in _LATEST).with_columns(
        strictness=_STRICTNESS
    )
    strictness = np.full(people.count, _UNKNOWN)
    np.maximum.at(strictness, answers["who"].to_numpy(), answers["strictness"].to_numpy())
    return strictness


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    strictness: int = STRICTNESS.get(node["answer"], _UNKNOWN)
    return _strictness(evaluator.people) == strictness


HOLDS = {"consent": _holds}
