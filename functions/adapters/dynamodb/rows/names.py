"""Rows of the table ``names``: names of one sort (events, properties, traits …) that events used.

pk  sort   n  the names, a set of strings
"""

from collections.abc import Iterable

from functions.adapters.dynamodb.values import Item, number, text

TABLE = "names"
SORT, NAMES = "pk", "n"
MOST_AT_ONCE = 100

# DynamoDB adds to a set in one step, so two that add at once lose nothing of each other. The bound keeps a row below
# its 400 KB whatever senders call their events: who finds it full leaves it. It is looked at before each addition,
# which can exceed it by what it adds.
ADD = f"ADD #{NAMES} :fresh"
HAS_ROOM = f"attribute_not_exists(#{NAMES}) OR size(#{NAMES}) < :most"


def key(sort: str) -> Item:
    """The key of a sort's row."""
    return {SORT: text(sort)}


def added(names: Iterable[str], most: int) -> Item:
    """The placeholder values of the update ``ADD`` and of its condition ``HAS_ROOM``."""
    return {":fresh": {"SS": sorted(names)}, ":most": number(most)}


def to_item(sort: str, names: Iterable[str]) -> Item:
    """Encode the row as updates leave it."""
    return key(sort) | {NAMES: {"SS": sorted(names)}}


def from_item(item: Item) -> tuple[str, frozenset[str]]:
    """Decode the sort and the names of a row."""
    return item[SORT]["S"], frozenset(item[NAMES]["SS"])
