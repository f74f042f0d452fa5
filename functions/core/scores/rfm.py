"""Recency, frequency and monetary value of a person's orders, and their place among everybody's.

recency    whole days since the last order
frequency  how many orders
monetary   what was paid for them, less what was paid back

A cancelled order counts in none of the three, nor does what was paid back for it. Each measure has four borders
between its five groups, as data; a value at a border is above it. Group 5 is the best: the fewest days, the most
orders, the most money. Who never ordered is in no group.

Days are counted up to the instant at which the borders were drawn: everybody grows older alike, so time alone moves
nobody to another place among all.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from functions.core.segments.filters import constant
from functions.core.segments.operator import View
from functions.core.timeline import EXACT, UNKEYED, Entry, TimelineSpec, total

DAY = 86_400
MEASURES = ("recency", "frequency", "monetary")
GROUPS = 5
# Of fewer customers a fifth is less than ten people, and a single order moves its border.
LEAST = 50

ORDERS = TimelineSpec(("Order Completed",), value="total", keep=None)
CANCELLED = TimelineSpec(("Order Cancelled",), keep=None)
CANCELLED_IDS = TimelineSpec(("Order Cancelled",), by="order_id", keep=None)
# Which refund is of which order is told by the refund's key, in both.
REFUNDS = TimelineSpec(("Order Refunded",), value="total", keep=None, whole=True)
REFUNDED_IDS = TimelineSpec(("Order Refunded",), group="order_id", keep=None, whole=True)
SPECS = (ORDERS, CANCELLED, CANCELLED_IDS, REFUNDS, REFUNDED_IDS)


class Orders(NamedTuple):
    """What somebody's orders come to at one instant."""

    last: int
    frequency: int
    monetary: Decimal

    def days(self, now: int) -> int:
        """Whole days from the last order to the instant; negative if it came later."""
        return (now - self.last) // DAY


def orders(view: View) -> Orders | None:
    """The orders that count; None if there are none."""
    # A cancellation without an order's number is about none; its short key may be that of an order without one.
    cancelled = {entry.key for entry in view.entries(CANCELLED.id) if entry.key >= UNKEYED}
    counted = [entry for entry in view.entries(ORDERS.id) if entry.key not in cancelled]
    sealed = view.sealed(ORDERS.id)
    if not counted and not sealed:
        return None
    paid = total([_sum(counted), *(each.total for each in sealed if each.total is not None)])
    last = counted[-1].time if counted else sealed[-1].last
    often = len(counted) + sum(each.events for each in sealed)
    return Orders(last, often, EXACT.subtract(paid, _sum(_paid_back(view))))


def _paid_back(view: View) -> list[Entry]:
    """The refunds of orders that still count."""
    refunds = view.entries(REFUNDS.id)
    if not refunds:
        return []
    cancelled = {entry.key for entry in view.entries(CANCELLED_IDS.id)}
    whose = {entry.identity: entry.value for entry in view.entries(REFUNDED_IDS.id)}
    return [entry for entry in refunds if whose.get(entry.identity) not in cancelled]


def _sum(entries: Sequence[Entry]) -> Decimal:
    return total(entry.value for entry in entries if isinstance(entry.value, Decimal))


def group(value: Any, borders: Sequence[Any], *, reverse: bool = False) -> int:
    """1 to 5: above how many borders the value lies; with ``reverse`` the lowest is the best."""
    above = bisect_right([constant(border) for border in borders], constant(value))
    return GROUPS - above if reverse else above + 1


def place(measure: str, borders: Sequence[Any], drawn: int, view: View) -> int | None:
    """The group by borders that were drawn at an instant; None for whom there are no orders."""
    found = orders(view)
    if found is None:
        return None
    if measure == "recency":
        return group(found.days(drawn), borders, reverse=True)
    return group(found.frequency if measure == "frequency" else found.monetary, borders)


def scores(view: View, borders: Mapping[str, Any]) -> dict[str, int] | None:
    """The groups in all three measures; None for whom there are no orders."""
    found = {measure: place(measure, borders[measure], borders["drawn"], view) for measure in MEASURES}
    return {name: score for name, score in found.items() if score is not None} or None
