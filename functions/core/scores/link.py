"""Conditions that name a score or RFM borders, together with what these say: what is stored holds only the name.

A linked node has the definition beside the name, so that compiling it needs nothing else, and so that whatever is
derived from its content changes with the definition.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.errors import Fault
from functions.core.records import Definition
from functions.core.segments.fields import nearest

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
    if isinstance(value, str) or (not scores and borders is None):
        return value
    if isinstance(value, list | tuple):
        return [link(each, scores, borders) for each in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("op") in SCORED:
        known = scores.get(value["score"])
        return value if known is None or "definition" in value else {**value, "definition": _said(known, borders)}
    if value.get("op") == "rfm":
        return value if borders is None or value.keys() & {"borders", "people"} else {**value, **_of(value, borders)}
    return {name: link(inner, scores, borders) for name, inner in value.items()}


def _said(score: Mapping[str, Any], borders: Borders) -> dict[str, Any]:
    return {"rules": link(score["rules"], {}, borders), "tiers": score.get("tiers", {})}


def _of(node: Mapping[str, Any], borders: Mapping[str, Any]) -> dict[str, Any]:
    """The borders that the node asks for, with when they were drawn; of too few customers only how many there were."""
    if node["measure"] not in borders:
        return {"people": borders["people"]}
    drawn = {"drawn": borders["drawn"]} if node["measure"] == "recency" else {}
    return {"borders": borders[node["measure"]], **drawn}


def dated(definition: Definition) -> Mapping[str, Any]:
    """The borders as stored; the rows of an earlier release say nowhere else when they were drawn."""
    return {"drawn": definition.time, **definition.body}


def nodes(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every node in the value that names a score or RFM, those inside linked scores included."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from nodes(each)
    elif isinstance(value, Mapping):
        if value.get("op") in (*SCORED, "rfm"):
            yield value
        for inner in value.values():
            yield from nodes(inner)


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
