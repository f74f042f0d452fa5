"""In which currency amounts count: as they are, converted by the day of their event, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from functions.core.money import MONEY, number

# What a property holds whose amount does not count: it is there, and satisfies no comparison.
_UNCOUNTED: Mapping[str, Any] = {}

# A rate of one currency: what one unit is worth in the base from a second UTC on, the latest first.
Steps = tuple[tuple[int, Decimal], ...]


@dataclass(frozen=True, slots=True)
class Counting:
    """The currency that amounts count in, the shop's own, which events without one are in, and the rates into it."""

    currency: str
    base: str
    rates: tuple[tuple[str, Steps], ...] = ()

    @property
    def is_plain(self) -> bool:
        """Whether events of the shop's own currency count and nothing is converted."""
        return self.currency == self.base and not self.rates

    def rate(self, currency: str, time: int) -> Decimal | None:
        """What one unit of the currency is worth at the second; None if it does not count."""
        if currency == self.currency:
            return Decimal(1)
        return next((worth for since, worth in dict(self.rates).get(currency, ()) if time >= since), None)

    def counted(self, properties: Mapping[str, Any], time: int) -> Mapping[str, Any]:
        """The properties of an event with its amounts as they count, converted ones in major units of the base."""
        said = properties.get("currency")
        own = said.upper() if isinstance(said, str) else self.base
        if own == self.currency:
            return properties
        rate = self.rate(own, time)
        return {name: _counted(name, value, properties, rate) for name, value in properties.items()}


def _counted(name: str, value: Any, properties: Mapping[str, Any], rate: Decimal | None) -> Any:
    if isinstance(value, Mapping):
        return {key: _counted(key, inner, properties, rate) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_counted(name, inner, properties, rate) for inner in value]
    if name not in MONEY:
        return value
    amount = number(properties, name, value)
    if amount is None:
        return value
    return _UNCOUNTED if rate is None else amount * rate


def counting(part: Mapping[str, Any]) -> Counting | None:
    """In which currency the amounts count that a part of a condition asks for; None if it was not said."""
    money: Mapping[str, Any] = part.get("money", {})
    base = str(money.get("base", ""))
    if "currency" in part:
        return Counting(part["currency"], base)
    return Counting(base, base, _rates(money.get("rates", {}))) if base else None


def _rates(given: Mapping[str, Any]) -> tuple[tuple[str, Steps], ...]:
    return tuple((currency, steps(said)) for currency, said in sorted(given.items()))


def steps(said: Any) -> Steps:
    """The rate that a definition says, one or by days: each from its day in UTC on, the latest first."""
    if not isinstance(said, Mapping):
        return ((-(1 << 62), _exact(said)),)
    return tuple(sorted(((_second(day), _exact(rate)) for day, rate in said.items()), reverse=True))


def _exact(rate: Any) -> Decimal:
    try:
        return Decimal(str(rate))
    except InvalidOperation:
        return Decimal(0)


def _second(day: str) -> int:
    return (date.fromisoformat(day).toordinal() - date(1970, 1, 1).toordinal()) * 86_400
