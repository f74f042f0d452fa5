"""Recency, frequency and monetary value of a person's orders, and their place among everybody's.

recency    whole days since the last order
frequency  how many orders
monetary   what was paid for them, less what was paid back

An order is what the shop's definition ``bought`` of events says: as it is shipped, one on the web or at the till; one
that was cancelled or paid back as a whole counts in none of the three.
Each measure has four borders between its five groups, as data; a value at a border is above it. Group 5 is the best:
the fewest days, the most orders, the most money. Who never ordered is in no group.

Days are counted up to the instant at which the borders were drawn: everybody grows older alike, so time alone moves
nobody to another place among all.

Amounts count in the shop's currency: those of others are converted or add nothing. An order is one in any currency.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from functions.core.segments.nested import mappings, rebuilt
from functions.core.segments.operator import View
from functions.core.segments.parts.source import Source
from functions.core.segments.priced import Money
from functions.core.timelines.entry import Entry, total
from functions.core.timelines.exchange import RateTable
from functions.core.timelines.filters import constant
from functions.core.timelines.spec import TimelineSpec

DAY = 86_400
Definition = Mapping[str, Any]
MEASURES = ("recency", "frequency", "monetary")
GROUPS = 5
# Of fewer customers a fifth is less than ten people, and a single order moves its border.
LEAST = 50

NAME = "bought"
# What is an order in a shop without that definition, as the shipped one says it; a test holds the two together.
BOUGHT: Definition = {
    "any of": ["Order Completed", "Store Purchase"],
    "by": "order_id",
    "unless": ["Order Cancelled", "Order Voided", "Order Fully Refunded"],
    "refunds": ["Order Refunded"],
    "amount": "total",
}
_UNKNOWN: Money = {}


class Orders(NamedTuple):
    """What somebody's orders come to at one instant."""

    last: int
    frequency: int
    monetary: Decimal

    def days(self, now: int) -> int:
        """Whole days from the last order to the instant; negative if it came later."""
        return (now - self.last) // DAY


class Ledger(NamedTuple):
    """Where orders are read: as they happened, and with their amounts as they count."""

    counted: Source
    paid: Source

    @property
    def specs(self) -> tuple[TimelineSpec, ...]:
        """The timelines that orders are read from."""
        return (*self.counted.specs, *self.paid.specs)


def ledger(money: Money = _UNKNOWN, bought: Definition = BOUGHT) -> Ledger:
    """Where the orders of such a definition are read, their amounts in the shop's currency."""
    return _ledger(json.dumps(bought, sort_keys=True), money.get("base"), money.get("rates"))


@lru_cache(maxsize=16)
def _ledger(bought_json: str, base: str | None, rates: RateTable | None) -> Ledger:
    definition = json.loads(bought_json)
    part = {"events": [{"named": NAME, "definition": definition}]}
    amount = definition.get("amount", BOUGHT["amount"])
    plain = Source(part, value=amount, keep=None)
    money = {"money": {"base": base, "rates": rates}}
    return Ledger(plain, Source({**part, **money}, value=amount, keep=None) if base else plain)


def said_by(groups: Mapping[str, Definition]) -> Definition:
    """What an order is by these definitions of events."""
    return {key: groups[NAME][key] for key in BOUGHT if key in groups[NAME]} if NAME in groups else BOUGHT


def in_orders(value: Any, bought: Definition) -> Any:
    """The value with what an order is beside every place among customers, unless it is what is shipped."""
    if bought == BOUGHT:
        return value
    return rebuilt(value, lambda part: {"orders": bought, **part} if part.get("op") == "rfm" else part)


def needs_orders(value: Any) -> bool:
    """Whether anything in the value asks for a place among customers."""
    return any(part.get("op") == "rfm" for part in mappings(value))


def specs(money: Money = _UNKNOWN, said: Definition = BOUGHT) -> tuple[TimelineSpec, ...]:
    """The timelines that orders are read from."""
    return ledger(money, said).specs


def orders(view: View, money: Money = _UNKNOWN, bought: Definition = BOUGHT) -> Orders | None:
    """The orders that count; None if there are none."""
    source, paid = ledger(money, bought)
    counted, sealed = source.entries(view), source.sealed(view)
    if not counted and not sealed:
        return None
    amounts = [*_amounts(paid.net(view)), *(each.total for each in paid.sealed(view) if each.total is not None)]
    last = counted[-1].time if counted else sealed[-1].last
    return Orders(last, len(counted) + sum(each.events for each in sealed), total(amounts))


def _amounts(entries: Sequence[Entry]) -> list[Decimal]:
    return [entry.value for entry in entries if isinstance(entry.value, Decimal)]


def group(value: Any, borders: Sequence[Any], *, reverse: bool = False) -> int:
    """1 to 5: above how many borders the value lies; with ``reverse`` the lowest is the best."""
    above = bisect_right([constant(border) for border in borders], constant(value))
    return GROUPS - above if reverse else above + 1


def place(measure: str, borders: Sequence[Any], drawn: int, customer: Orders | None) -> int | None:
    """The group of somebody with these orders by borders that were drawn at an instant; None without orders."""
    if customer is None:
        return None
    if measure == "recency":
        return group(customer.days(drawn), borders, reverse=True)
    return group(customer.frequency if measure == "frequency" else customer.monetary, borders)


def scores(view: View, borders: Mapping[str, Any]) -> dict[str, int] | None:
    """The groups in all three measures; None for whom there are no orders."""
    bought = orders(view)
    ranks = {measure: place(measure, borders[measure], borders["drawn"], bought) for measure in MEASURES}
    return {name: score for name, score in ranks.items() if score is not None} or None
