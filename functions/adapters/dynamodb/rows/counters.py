"""Rows of the table ``counters``: how much of one thing there was in an hour, over all functions.

pk  name of what is counted   h  hours since 1970   n  how many
"""

from typing import NamedTuple

from functions.adapters.dynamodb.calls import ABSENT
from functions.adapters.dynamodb.values import Item, integer, number, string, text

TABLE = "counters"
NAME, HOUR, COUNT = "pk", "h", "n"


class HourCount(NamedTuple):
    """How much of ``name`` there was in the hour."""

    name: str
    hour: int
    taken: int


# DynamoDB checks and adds in one step and in one order for a row, so that of any number of functions no more than the
# bound come through. Whoever finds an hour that has begun elsewhere, by a clock that is ahead, counts in that one.
ADD = f"ADD #{COUNT} :amount"
BELOW_BOUND = f"#{HOUR} >= :hour AND #{COUNT} <= :room"
# The first of an hour writes over the hour before; of several that are first, one does.
IS_NEW_HOUR = f"{ABSENT} OR #{HOUR} < :hour"


def key(name: str) -> Item:
    """The key of a counter's row."""
    return {NAME: text(name)}


def bounded(hour: int, most: int, amount: int) -> Item:
    """The placeholder values of the update ``ADD`` and of its condition ``BELOW_BOUND``."""
    return {":amount": number(amount), ":hour": number(hour), ":room": number(most - amount)}


def since(hour: int) -> Item:
    """The placeholder values of the condition ``IS_NEW_HOUR``."""
    return {":hour": number(hour)}


def to_item(counted: HourCount) -> Item:
    """Encode the row of a counter."""
    return key(counted.name) | {HOUR: number(counted.hour), COUNT: number(counted.taken)}


def from_item(item: Item) -> HourCount:
    """Decode the counter of a row."""
    return HourCount(string(item, NAME), integer(item, HOUR), integer(item, COUNT))
