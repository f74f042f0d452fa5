"""Random definitions, events and arrivals, in a world so small that everything collides."""

from .definitions import TIERS, conditions, definitions, given_points, limits, parts, rules, segments, shop_zones
from .events import aliases, answers, event_of, happened, happenings, histories
from .values import GROUPS, START, at_most, odd, one, thorough

__all__ = [
    "GROUPS",
    "START",
    "TIERS",
    "aliases",
    "answers",
    "at_most",
    "conditions",
    "definitions",
    "event_of",
    "given_points",
    "happened",
    "happenings",
    "histories",
    "limits",
    "odd",
    "one",
    "parts",
    "rules",
    "segments",
    "shop_zones",
    "thorough",
]
