"""Conditions that name a score or RFM borders, together with what these say: what is stored holds only the name.

A linked node has the definition beside the name, so that compiling it needs nothing else, and so that whatever is
derived from its content changes with the definition.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.base.errors import Fault
from functions.core.segments.language.fields import nearest
from functions.core.segments.nested import mappings, rebuilt

Scores = Mapping[str, Mapping[str, Any]]
Borders = Mapping[str, Any] | None

SCORED = ("score", "tier")

# What examples are placed by, so that they do not depend on who the shop's customers are just now; drawn at the moment
# at which they are evaluated.
EXAMPLE_NOW = 1_767_225_600
EXAMPLE_BORDERS: Mapping[str, Any] = {
    "drawn": EXAMPLE_NOW,
    "recency": [31, 61, 121, 241],
    "frequency": [2, 3, 5, 9],
    "monetary": [50, 150, 400, 1000],
}


def link(value: Any, scores: Scores, borders: Borders = None) -> Any:
    """The value with every node in it linked, as far as the definitions are known and it is not linked already."""
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
    """The borders that the node asks for, with when they were drawn; of too few customers only how many there were."""
    if node["measure"] not in borders:
        return {"people": borders["people"]}
    drawn = {"drawn": borders["drawn"]} if node["measure"] == "recency" else {}
    return {"borders": borders[node["measure"]], **drawn}


def nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every node in the value that names a score or RFM, those inside linked scores included."""
    return filter(_is_linkable, mappings(value))


def needed(value: Any) -> set[str]:
    """The scores that the value names."""
    return {str(node["score"]) for node in nodes(value) if node["op"] in SCORED}


def unknown_tiers(value: Any, scores: Scores) -> Iterator[tuple[str, Fault]]:
    """Each tier that its score does not have, with its name."""
    for node in nodes(value):
        score = scores.get(node["score"]) if node["op"] == "tier" else None
        if score is not None and node["tier"] not in score.get("tiers", {}):
            message = f"score {node['score']!r} has no tier {node['tier']!r}"
            yield node["tier"], Fault(message, "when", suggestion=nearest(node["tier"], score.get("tiers", {})))


def unknown(value: Any, scores: Scores) -> list[Fault]:
    """The scores and tiers that the value names and that do not exist."""
    faults = [
        Fault(f"there is no score {name!r}", "when", suggestion=nearest(name, scores))
        for name in sorted(needed(value) - set(scores))
    ]
    return [*faults, *(fault for _, fault in unknown_tiers(value, scores))]


def tier_segments(body: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The segments that the score's tiers are, by id."""
    return {
        f"{body['id']}-{tier}": {
            "id": f"{body['id']}-{tier}",
            "name": f"{body['name']}: {tier}",
            "when": {"op": "tier", "score": body["id"], "tier": tier},
            "examples": [],
        }
        for tier in body["tiers"]
    }
