"""Finds the definitions that a flow refers to."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from functions.core.flows.step_kinds import step_kinds


def references(body: Mapping[str, Any]) -> dict[str, set[str]]:
    """The ids of the definitions that the flow's body refers to, by kind."""
    needed: defaultdict[str, set[str]] = defaultdict(set)
    if segment := body["start"].get("segment"):
        needed["segments"].add(segment)
    for step in body["steps"]:
        for kind, name in step_kinds()[step["do"]].needs(step):
            needed[kind].add(name)
    return needed
