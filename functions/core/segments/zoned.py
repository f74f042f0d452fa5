"""Conditions that look at a calendar, with the shop's time zone beside them: what is stored leaves it out.

A shop in UTC adds nothing, so that whatever is derived from the content stays as it is.
"""

from collections.abc import Mapping
from typing import Any

UTC_NAME = "UTC"
_CALENDAR = {"since", "until"}


def in_zone(value: Any, zone: str) -> Any:
    """The value with the zone in every condition that has calendar dates and does not know one already."""
    if zone == UTC_NAME or isinstance(value, str):
        return value
    if isinstance(value, list | tuple):
        return [in_zone(each, zone) for each in value]
    if not isinstance(value, Mapping):
        return value
    inner = {name: in_zone(each, zone) for name, each in value.items()}
    dated = "op" in value and (value["op"] == "trait date" or value.keys() & _CALENDAR)
    return {"zone": zone, **inner} if dated else inner
