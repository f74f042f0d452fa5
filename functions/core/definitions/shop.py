"""Settings and shared definitions that are added to conditions before they are compiled; stored conditions hold none.

Whatever is derived from the content of a condition, such as the addresses of its timelines, changes with them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from functions.core.definitions.records import Address, Definition
from functions.core.scores.rfm import NAME, in_orders, needs_orders, order_definition
from functions.core.scores.rfm import Definition as Named
from functions.core.segments.language.named import Groups, mentioned, resolve
from functions.core.segments.priced import Money, in_money, is_asking, money_of
from functions.core.segments.zoned import UTC_NAME, in_zone
from functions.core.timelines.exchange import ID

RATES: Address = ("rates", ID)

# The kinds that are embedded in other definitions' conditions, which change with them.
SHARED = ("events", "rates")


def named_events(definitions: Iterable[Definition]) -> Groups:
    """The bodies of the definitions of named events among these, by id."""
    return {each.id: each.body for each in definitions if each.kind == "events"}


def stands_in(shared: Definition, definition: Definition) -> bool:
    """True if a definition of named events or rates is embedded in a condition of the other definition."""
    texts = [definition.body, definition.entry_on_publish and definition.entry_on_publish.before]
    if shared.kind == "rates":
        return is_asking(texts)
    return shared.id in mentioned(texts) or (shared.id == NAME and needs_orders(texts))


def latest(definition: Definition, definitions: Iterable[Definition]) -> Definition:
    """The last published among the definition and what is embedded in it; its row records what the definition keeps."""
    shared = (each for each in definitions if each.kind in SHARED and each.revision > definition.revision)
    return max([definition, *(each for each in shared if stands_in(each, definition))], key=lambda each: each.revision)


@dataclass(frozen=True, slots=True)
class Shop:
    """What is added to all conditions: named events, the shop's time zone, its currency and the rates."""

    groups: Groups = field(default_factory=dict)
    zone: str = UTC_NAME
    money: Money = field(default_factory=dict)

    @classmethod
    def of(cls, definitions: Iterable[Definition], zone: str, currency: str) -> "Shop":
        """The shop of the current definitions, with this time zone and currency."""
        definitions = list(definitions)
        rates = next((each.body for each in definitions if each.address == RATES), None)
        return cls(named_events(definitions), zone, money_of(currency, rates, zone))

    @property
    def orders(self) -> Named:
        """The definition of what counts as an order where customers are compared (RFM)."""
        return order_definition(self.groups)

    def complete(self, value: Any) -> Any:
        """The value with everything added to its conditions."""
        return in_money(in_zone(in_orders(resolve(value, self.groups), self.orders), self.zone), self.money)

    def resolved(self, definition: Definition) -> Definition:
        """The definition with everything added to its conditions; kinds without conditions stay as they are."""
        if definition.kind not in ("segments", "scores", "flows"):
            return definition
        wish = definition.entry_on_publish and definition.entry_on_publish._replace(
            before=self.complete(definition.entry_on_publish.before)
        )
        return replace(definition, body=self.complete(definition.body), entry_on_publish=wish)


# A shop in UTC that names no events and whose currency is not known.
NOTHING_ELSE = Shop()
