"""RFM: recency, frequency and monetary value of a person's orders, and the group among all customers for each.

recency    whole days since the last order
frequency  how many orders
monetary   what was paid for them, less what was paid back

What counts as an order is defined by the named event ``bought`` of the shop: in the shipped definition an order on the
web or at the till. An order that was cancelled or paid back as a whole counts in none of the three.
Each measure has four borders between its five groups, as data; a value at a border is above it. Group 5 is the best:
the fewest days, the most orders, the most money. A person who never ordered is in no group.

Days are counted up to the instant at which the borders were drawn, not up to now. Everybody's recency grows alike, so
time alone changes nobody's group.

Amounts count in the shop's currency: those in others are converted or add nothing. Orders count in any currency.
"""

import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from functions.core.segments.nested import mappings, rebuilt
from functions.core.segments.operator import View
from functions.core.segments.parts.source import EntrySource
from functions.core.segments.priced import Money
from functions.core.timelines.entry import Entry, total
from functions.core.timelines.exchange import RateTable
from functions.core.timelines.filters import constant
from functions.core.timelines.spec import TimelineSpec

DAY = 86_400
Definition = Mapping[str, Any]
MEASURES = ("recency", "frequency", "monetary")
GROUPS = 5
# The least number of customers for borders: with fewer, a fifth is less than ten people, and a single order moves its
# border.
LEAST = 50

NAME = "bought"
# The definition of an order for a shop without the named event; a test asserts that it equals the shipped definition.
BOUGHT: Definition = {
    "any of": ["Order Completed", "Store Purchase"],
    "by": "order_id",
    "unless": ["Order Cancelled", "Order Voided", "Order Fully Refunded"],
    "refunds": ["Order Refunded"],
    "amount": "total",
}
_UNKNOWN: Money = {}


class Orders(NamedTuple):
    """A person's orders at one instant: time of the last (seconds UTC), number, and net amount in major units."""

    last: int
    frequency: int
    monetary: Decimal

    def days(self, now: int) -> int:
        """Whole days from the last order to ``now`` (seconds UTC); negative if the order is later."""
        return (now - self.last) // DAY


class OrderSources(NamedTuple):
    """The sources that orders are read from: ``counted`` for time and number, ``paid`` for amounts as they count."""

    counted: EntrySource
    paid: EntrySource

    @property
    def specs(self) -> tuple[TimelineSpec, ...]:
        """The timelines that orders are read from."""
        return (*self.counted.specs, *self.paid.specs)


def ledger(money: Money = _UNKNOWN, bought: Definition = BOUGHT) -> OrderSources:
    """The sources for orders by this definition, with amounts in the shop's currency."""
    return _ledger(json.dumps(bought, sort_keys=True), money.get("base"), money.get("rates"))


@lru_cache(maxsize=16)
def _ledger(bought_json: str, base: str | None, rates: RateTable | None) -> OrderSources:
    definition = json.loads(bought_json)
    part = {"events": [{"named": NAME, "definition": definition}]}
    amount = definition.get("amount", BOUGHT["amount"])
    plain = EntrySource(part, value=amount, keep=None)
    money = {"money": {"base": base, "rates": rates}}
    return OrderSources(plain, EntrySource({**part, **money}, value=amount, keep=None) if base else plain)


def order_definition(groups: Mapping[str, Definition]) -> Definition:
    """The definition of an order among these named events; the shipped one if they have none."""
    return {key: groups[NAME][key] for key in BOUGHT if key in groups[NAME]} if NAME in groups else BOUGHT


def in_orders(value: Any, bought: Definition) -> Any:
    """The value with the definition of an order added to every ``rfm`` node, unless it is the shipped definition."""
    if bought == BOUGHT:
        return value
    return rebuilt(value, lambda part: {"orders": bought, **part} if part.get("op") == "rfm" else part)


def needs_orders(value: Any) -> bool:
    """True if the value contains an ``rfm`` node."""
    return any(part.get("op") == "rfm" for part in mappings(value))


def specs(money: Money = _UNKNOWN, definition: Definition = BOUGHT) -> tuple[TimelineSpec, ...]:
    """The timelines that orders are read from."""
    return ledger(money, definition).specs


def orders(view: View, money: Money = _UNKNOWN, bought: Definition = BOUGHT) -> Orders | None:
    """The person's orders that count, at the view's instant; None if there are none."""
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
    """The group, 1 to 5, of a value by four borders: 5 for the highest values, with ``reverse`` for the lowest."""
    above = bisect_right([constant(border) for border in borders], constant(value))
    return GROUPS - above if reverse else above + 1


def place(measure: str, borders: Sequence[Any], drawn: int, customer: Orders | None) -> int | None:
    """The group, 1 to 5, of a customer in a measure; None without orders.

    ``drawn`` (seconds UTC) is when the borders were drawn, up to which the days of recency count.
    """
    if customer is None:
        return None
    if measure == "recency":
        return group(customer.days(drawn), borders, reverse=True)
    return group(customer.frequency if measure == "frequency" else customer.monetary, borders)


def scores(view: View, borders: Mapping[str, Any]) -> dict[str, int] | None:
    """The person's groups by measure; None if they have no orders."""
    bought = orders(view)
    ranks = {measure: place(measure, borders[measure], borders["drawn"], bought) for measure in MEASURES}
    return {name: score for name, score in ranks.items() if score is not None} or None
