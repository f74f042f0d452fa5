"""did … then not …: something that was not followed up."""

from typing import NamedTuple

import numpy as np

from batch import fallback
from batch.evaluator import Evaluator
from batch.people import PeopleFrame
from functions.core.segments.operator import Node, seconds

_NEVER = np.iinfo(np.int64).min


class _Keyed(NamedTuple):
    """Events with their person, key (0 without one) and time."""

    who: np.ndarray
    key: np.ndarray
    time: np.ndarray


def _keyed(people: PeopleFrame, node: Node, by: str | None) -> _Keyed:
    if by is None:
        rows = people.matching(node)
        return _Keyed(rows.who, np.zeros(len(rows), np.int64), rows.time)
    events, keys = people.keyed(node, by)
    return _Keyed(events.who, keys, events.time)


def _holds(evaluator: Evaluator, node: Node) -> np.ndarray:
    people, by = evaluator.people, node.get("by")
    (who, key, time), (other, other_key, answer) = (_keyed(people, part, by) for part in (node, node["not"]))
    codes = np.unique(np.concatenate([key, other_key]), return_inverse=True)[1]
    pairs = np.concatenate([who, other]) * max(len(codes), 1) + codes
    owners, places = np.unique(pairs, return_inverse=True)
    started, answered = np.full(len(owners), _NEVER), np.full(len(owners), _NEVER)
    np.maximum.at(started, places[: len(who)], time)
    np.maximum.at(answered, places[len(who) :], answer)
    open_ = (started > _NEVER) & (answered < started) & (started <= people.now - seconds(node["for"]))
    if "within" in node:
        open_ &= started > people.now - seconds(node["within"])
    verdicts = people.mask(owners[open_] // max(len(codes), 1))
    verdicts = evaluator.corrected(node, verdicts, who, other) if by else verdicts
    return _filled(people, node, verdicts) if "unless" in node else verdicts


def _filled(people: PeopleFrame, node: Node, verdicts: np.ndarray) -> np.ndarray:
    """Of the people found, those whose cart is not empty.

    A cart's contents result from its events in their order.
    """
    return verdicts & fallback.holds(people, {"": node}, np.flatnonzero(verdicts))[""]


HOLDS = {"then not": _holds}
