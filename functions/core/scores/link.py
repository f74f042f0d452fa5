"""Links conditions that refer to a score or to RFM borders: copies the definition or the borders into their nodes.

A stored condition has only the name of a score. A linked node has the definition beside the name, so that compiling it
needs nothing else, and so that whatever is derived from its content changes with the definition.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.base.errors import Fault
from functions.core.base.spelling import nearest
from functions.core.segments.nested import mappings, rebuilt

Scores = Mapping[str, Mapping[str, Any]]
Borders = Mapping[str, Any] | None

SCORED = ("score", "tier")

# The RFM borders for examples in definitions, so that these do not depend on the shop's current customers. They are
# drawn at the instant (seconds UTC) at which examples are evaluated.
EXAMPLE_NOW = 1_767_225_600
EXAMPLE_BORDERS: Mapping[str, Any] = {
    "drawn": EXAMPLE_NOW,
    "recency": [31, 61, 121, 241],
    "frequency": [2, 3, 5, 9],
    "monetary": [50, 150, 400, 1000],
}


def link(value: Any, scores: Scores, borders: Borders = None) -> Any:
    """The value with every node inside it linked; unknown scores and linked nodes stay as they are.

    ``scores`` are the definitions by id; ``borders`` are those of ``Tally.borders``, None to link no RFM nodes.
    """
    if not scores and borders is None:
        return value
    return rebuilt(value, lambda node: _linked(node, scores, borders), _is_linkable)


def _is_linkable(node: Mapping[str, Any]) -> bool:
    return node.get("op") in (*SCORED, "rfm")


def _linked(node: Mapping[str, Any], scores: Scores, borders: Borders) -> Mapping[str, Any]:
    if node.get("op") in SCORED and "definition" not in node and (definition := scores.get(node["score"])) is not None:
        return {**node, "definition": _said(definition, borders)}
    if node.get("op") == "rfm" and borders is not None and not node.keys() & {"borders", "people"}:
        return {**node, **_of(node, borders)}
    return node


def _said(score: Mapping[str, Any], borders: Borders) -> dict[str, Any]:
    return {"rules": link(score["rules"], {}, borders), "tiers": score.get("tiers", {})}


def _of(node: Mapping[str, Any], borders: Mapping[str, Any]) -> dict[str, Any]:
    """The borders of the node's measure, for recency with the instant at which they were drawn.

    If there were too few customers for borders, only their number as ``people``.
    """
    if node["measure"] not in borders:
        return {"people": borders["people"]}
    drawn = {"drawn": borders["drawn"]} if node["measure"] == "recency" else {}
    return {"borders": borders[node["measure"]], **drawn}


def nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every node in the value that refers to a score or to RFM borders, those inside linked scores included."""
    return filter(_is_linkable, mappings(value))


def needed(value: Any) -> set[str]:
    """The ids of the scores that the value refers to."""
    return {str(node["score"]) for node in nodes(value) if node["op"] in SCORED}


def unknown_tiers(value: Any, scores: Scores) -> Iterator[tuple[str, Fault]]:
    """The name and the fault of each tier that the value refers to and that its score does not have."""
    for node in nodes(value):
        score = scores.get(node["score"]) if node["op"] == "tier" else None
        if score is not None and node["tier"] not in score.get("tiers", {}):
            message = f"score {node['score']!r} has no tier {node['tier']!r}"
            yield node["tier"], Fault(message, "when", suggestion=nearest(node["tier"], score.get("tiers", {})))


def unknown(value: Any, scores: Scores) -> list[Fault]:
    """The faults of the scores and tiers that the value refers to and that do not exist."""
    faults = [
        Fault(f"there is no score {name!r}", "when", suggestion=nearest(name, scores))
        for name in sorted(needed(value) - set(scores))
    ]
    return [*faults, *(fault for _, fault in unknown_tiers(value, scores))]


def tier_segments(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The bodies of the segments that a score's tiers define, by id (``<score>-<tier>``)."""
    return {
        f"{body['id']}-{tier}": {
            "id": f"{body['id']}-{tier}",
            "name": f"{body['name']}: {tier}",
            "when": {"op": "tier", "score": body["id"], "tier": tier},
            "examples": [],
        }
        for tier in body["tiers"]
    }
