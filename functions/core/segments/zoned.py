"""Conditions that look at a calendar, with the shop's time zone beside them: what is stored leaves it out.

A shop in UTC adds nothing, so that whatever is derived from the content stays as it is.
"""

from collections.abc import Mapping
from typing import Any

from functions.core.segments.nested import rebuilt

UTC_NAME = "UTC"
_CALENDAR = {"since", "until"}


def in_zone(value: Any, zone: str) -> Any:
    """The value with the zone in every condition that has calendar dates and does not know one already."""
    if zone == UTC_NAME:
        return value
    return rebuilt(value, lambda node: {"zone": zone, **node} if _has_dates(node) else node)


def _has_dates(node: Mapping[str, Any]) -> bool:
    return "op" in node and bool(node["op"] == "trait date" or node.keys() & _CALENDAR)
