"""Recency, frequency and monetary value of a person's orders, and their place among everybody's.

recency    whole days since the last order
frequency  how many orders
monetary   what was paid for them, less what was paid back

A cancelled order counts in none of the three, nor does what was paid back for it. Each measure has four borders
between its five groups, as data; a value at a border is above it. Group 5 is the best: the fewest days, the most
orders, the most money. Who never ordered is in no group.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import ceil
from typing import Any, NamedTuple

from functions.core.instants import FOREVER
from functions.core.segments.filters import constant
from functions.core.segments.operator import View
from functions.core.timeline import EXACT, UNKEYED, Entry, TimelineSpec, total

DAY = 86_400
MEASURES = ("recency", "frequency", "monetary")
GROUPS = 5

ORDERS = TimelineSpec(("Order Completed",), value="total", keep=None)
CANCELLED = TimelineSpec(("Order Cancelled",), keep=None)
CANCELLED_IDS = TimelineSpec(("Order Cancelled",), by="order_id", keep=None)
REFUNDS = TimelineSpec(("Order Refunded",), value="total", keep=None)
REFUNDED_IDS = TimelineSpec(("Order Refunded",), group="order_id", keep=None)
SPECS = (ORDERS, CANCELLED, CANCELLED_IDS, REFUNDS, REFUNDED_IDS)


class Orders(NamedTuple):
    """What somebody's orders come to at one instant."""

    last: int
    frequency: int
    monetary: Decimal

    def days(self, now: int) -> int:
        """Whole days since the last order."""
        return (now - self.last) // DAY


def orders(view: View) -> Orders | None:
    """The orders that count; None if there are none."""
    # A cancellation without an order's number is about none; its short key may be that of an order without one.
    cancelled = {entry.key for entry in view.entries(CANCELLED.id) if entry.key >= UNKEYED}
    counted = [entry for entry in view.entries(ORDERS.id) if entry.key not in cancelled]
    if not counted:
        return None
    paid, back = _sum(counted), _sum(_paid_back(view))
    return Orders(counted[-1].time, len(counted), EXACT.subtract(paid, back))


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


def place(measure: str, borders: Sequence[Any], view: View) -> tuple[int | None, int]:
    """The group at the view's instant, and until when it stays if nothing happens."""
    found = orders(view)
    if found is None:
        return None, FOREVER
    if measure != "recency":
        return group(found.frequency if measure == "frequency" else found.monetary, borders), FOREVER
    days = found.days(view.now)
    return group(days, borders, reverse=True), next((end for end, _ in _aging(found.last, days, borders)), FOREVER)


def places(measure: str, borders: Sequence[Any], view: View) -> list[tuple[int, int]]:
    """(group, until when) from now on, the last for ever; nothing for whom there are no orders."""
    now, until = place(measure, borders, view)
    found = orders(view)
    if now is None or found is None:
        return []
    if until >= FOREVER:
        return [(now, FOREVER)]
    coming = _aging(found.last, found.days(view.now), borders)
    ends = [*(end for end, _ in coming), FOREVER]
    return list(zip([now, *(later for _, later in coming)], ends, strict=True))


def _aging(last: int, days: int, borders: Sequence[Any]) -> list[tuple[int, int]]:
    """(instant, group from then on) of every border that recency has yet to cross."""
    whole = sorted({ceil(constant(border)) for border in borders if constant(border) > days})
    return [(last + border * DAY, group(border, borders, reverse=True)) for border in whole]


def scores(view: View, borders: Mapping[str, Sequence[Any]]) -> dict[str, int] | None:
    """The groups in all three measures; None for whom there are no orders."""
    found = {measure: place(measure, borders[measure], view)[0] for measure in MEASURES}
    return {name: score for name, score in found.items() if score is not None} or None
