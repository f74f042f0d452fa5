"""Adding the shop's time zone to conditions with calendar dates; stored conditions hold none.

In a shop in UTC nothing is added, so whatever is derived from the content, such as timeline addresses, stays the same.
"""

from collections.abc import Mapping
from typing import Any

from functions.core.segments.nested import rebuilt

UTC_NAME = "UTC"
_CALENDAR = {"since", "until"}


def in_zone(value: Any, zone: str) -> Any:
    """The value with the zone in every condition that has calendar dates and no zone yet."""
    if zone == UTC_NAME:
        return value
    return rebuilt(value, lambda node: {"zone": zone, **node} if _has_dates(node) else node)


def _has_dates(node: Mapping[str, Any]) -> bool:
    return "op" in node and bool(node["op"] == "trait date" or node.keys() & _CALENDAR)
