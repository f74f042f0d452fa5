"""The explanation of why a person is or is not in a segment: the tree of its conditions with their verdicts."""

from collections.abc import Sequence
from typing import Any

from functions.core.base.events import Event
from functions.core.base.instants import holds, until
from functions.core.profiles.state import State
from functions.core.scores import rule_text
from functions.core.segments.engine.catalogue import Catalogue, compile_node
from functions.core.segments.engine.converted import converted
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language.describe import sentence, text
from functions.core.segments.language.event_labels import PLAIN, Style
from functions.core.segments.operator import Node
from functions.core.segments.registry import operators


def explain(
    state: State, catalogue: Catalogue, segment: str, now: int, style: Style = PLAIN, past: Sequence[Event] = ()
) -> dict[str, Any]:
    """The segment's verdict and the tree of its conditions, each with text, sentence, verdict and facts.

    holds  whether the person is in the segment
    until  when that may change by time alone (seconds UTC); None if only an event can change it
    tree   the top condition; those inside it, or in a segment it refers to, are under ``of``

    States hold amounts after conversion; given the person's events as ``past``, the facts also say which amounts of
    other currencies were converted, and to what.
    """
    verdict = Snapshot(state, catalogue, now).segment(segment)
    tree = _explained(catalogue.segments[segment].node, Snapshot(state, catalogue, now), catalogue, style, past)
    return {"holds": holds(verdict), "until": until(verdict), "tree": tree}


def _explained(node: Node, view: Snapshot, catalogue: Catalogue, style: Style, past: Sequence[Event]) -> dict[str, Any]:
    operator = operators()[node["op"]]
    verdict = view.verdict(compile_node(node).verdict)
    branch: dict[str, Any] = {
        "op": node["op"],
        "text": text(node),
        "sentence": sentence(node, style),
        "holds": holds(verdict),
        "until": until(verdict),
        "facts": {**operator.explain(node, view), **converted(node, view, past)},
    }
    for facts, rule in zip(branch["facts"].get("rules", ()), node.get("definition", {}).get("rules", ()), strict=False):
        facts["sentence"] = rule_text.sentence(rule, style)
    inner = [*operator.children(node)]
    inner += [catalogue.segments[name].node for name in compile_node(node).segments if not inner]
    if inner:
        branch["of"] = [_explained(child, view.fresh(), catalogue, style, past) for child in inner]
    return branch
