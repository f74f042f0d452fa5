"""Why somebody is in a segment or not: the tree of conditions with their verdicts."""

from typing import Any

from functions.core.instants import holds, until
from functions.core.profile import State
from functions.core.segments.catalogue import Catalogue, compile_node
from functions.core.segments.describe import sentence, text
from functions.core.segments.event_labels import PLAIN, Style
from functions.core.segments.operator import Node
from functions.core.segments.operators import BY_KEY
from functions.core.segments.snapshot import Snapshot


def explain(state: State, catalogue: Catalogue, segment: str, now: int, style: Style = PLAIN) -> dict[str, Any]:
    """The segment's verdict and the tree of its conditions, each with its sentence, verdict and facts."""
    verdict = Snapshot(state, catalogue, now).segment(segment)
    tree = _explained(catalogue.segments[segment].node, state, catalogue, now, style)
    return {"holds": holds(verdict), "until": until(verdict), "tree": tree}


def _explained(node: Node, state: State, catalogue: Catalogue, now: int, style: Style) -> dict[str, Any]:
    operator, view = BY_KEY[node["op"]], Snapshot(state, catalogue, now)
    verdict = view.verdict(compile_node(node).verdict)
    branch: dict[str, Any] = {
        "op": node["op"],
        "text": text(node),
        "sentence": sentence(node, style),
        "holds": holds(verdict),
        "until": until(verdict),
        "facts": dict(operator.explain(node, view)),
    }
    inner = [*operator.children(node)]
    inner += [catalogue.segments[name].node for name in compile_node(node).segments if not inner]
    if inner:
        branch["of"] = [_explained(child, state, catalogue, now, style) for child in inner]
    return branch
