"""Why somebody is in a segment or not: the tree of conditions with their verdicts, and the course of the past."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from functions.core.events import Event
from functions.core.instants import FOREVER, holds, until
from functions.core.profile import State
from functions.core.segments.catalogue import Catalogue, compile_node
from functions.core.segments.describe import sentence, text
from functions.core.segments.folding import fold
from functions.core.segments.operator import Node
from functions.core.segments.operators import BY_KEY
from functions.core.segments.snapshot import Snapshot


def explain(state: State, catalogue: Catalogue, segment: str, now: int) -> dict[str, Any]:
    """The segment's verdict and the tree of its conditions, each with its sentence, verdict and facts."""
    verdict = Snapshot(state, catalogue, now).segment(segment)
    tree = _explained(catalogue.segments[segment].node, state, catalogue, now)
    return {"holds": holds(verdict), "until": until(verdict), "tree": tree}


def _explained(node: Node, state: State, catalogue: Catalogue, now: int) -> dict[str, Any]:
    operator, view = BY_KEY[node["op"]], Snapshot(state, catalogue, now)
    verdict = view.verdict(compile_node(node).verdict)
    branch: dict[str, Any] = {
        "op": node["op"],
        "text": text(node),
        "sentence": sentence(node),
        "holds": holds(verdict),
        "until": until(verdict),
        "facts": dict(operator.explain(node, view)),
    }
    inner = [*operator.children(node)]
    inner += [catalogue.segments[name].node for name in compile_node(node).segments if not inner]
    if inner:
        branch["of"] = [_explained(child, state, catalogue, now) for child in inner]
    return branch


def history(
    events: Iterable[Event], catalogue: Catalogue, segment: str, now: int, profile: str = ""
) -> list[dict[str, Any]]:
    """Every stay in the segment, oldest first: ``entered``, ``left`` (None: still in), and what made each.

    ``cause`` and ``left_by`` are the name of the event, or "time".
    """
    stays: list[dict[str, Any]] = []
    state, verdict = State(profile=profile), -FOREVER
    told = sorted((event for event in events if event.time <= now), key=lambda event: (event.time, event.id))
    for at, group in groupby(told, key=lambda event: event.time):
        batch = list(group)
        verdict = _pass(stays, state, catalogue, segment, verdict, at - 1)
        state, touched = fold(state, batch, catalogue, at)
        if verdict == -FOREVER or touched & catalogue.segments[segment].timelines:
            verdict = Snapshot(state, catalogue, at).segment(segment)
            _note(stays, holds(verdict), at, _last_name(batch, catalogue, segment))
    if not told:
        verdict = Snapshot(state, catalogue, now).segment(segment)
        _note(stays, holds(verdict), now, "time")
    _pass(stays, state, catalogue, segment, verdict, now)
    return stays


def _pass(stays: list[dict[str, Any]], state: State, catalogue: Catalogue, segment: str, verdict: int, end: int) -> int:
    """Step through the instants up to ``end``."""
    at = -1
    while (instant := until(verdict)) is not None and at < instant <= end:
        at = instant
        verdict = Snapshot(state, catalogue, at).segment(segment)
        _note(stays, holds(verdict), at, "time")
    return verdict


def _note(stays: list[dict[str, Any]], inside: bool, at: int, cause: str) -> None:
    if inside and (not stays or stays[-1]["left"] is not None):
        stays.append({"entered": at, "left": None, "cause": cause, "left_by": None})
    elif not inside and stays and stays[-1]["left"] is None:
        stays[-1].update(left=at, left_by=cause)


def _last_name(batch: list[Event], catalogue: Catalogue, segment: str) -> str:
    """The event of this instant that the segment listens to."""
    mine = catalogue.segments[segment].timelines
    feeding = (event.name for event in batch for spec in catalogue.candidates(event) if spec.id in mine)
    return next(feeding, batch[0].name)
