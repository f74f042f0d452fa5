"""Which definitions a flow needs."""

from collections.abc import Mapping
from typing import Any

from functions.core.segments.language.check import references as references_of


def references(body: Mapping[str, Any]) -> dict[str, set[str]]:
    """The definitions that the flow needs, by kind."""
    needed: dict[str, set[str]] = {"segments": set(), "templates": set()}
    if segment := body["start"].get("segment"):
        needed["segments"].add(segment)
    for step in body["steps"]:
        if step["do"] == "send":
            needed["templates"].add(step["template"])
        if step["do"] == "check":
            needed["segments"] |= references_of(step["when"])
    return needed
