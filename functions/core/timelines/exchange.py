"""In which currency amounts count: those of others are converted by the day of their event, or do not count.

An amount is converted by exact arithmetic and rounded once, half up, to the minor unit of the currency that it counts
in; so every amount is what a receipt would say, and sums of them are exact.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from typing import Any

from functions.core.base import zones
from functions.core.base.money import MONEY, exponent, number
from functions.core.timelines.filters import exact

# What a property holds whose amount does not count: it is there, and satisfies no comparison.
_UNCOUNTED: Mapping[str, Any] = {}

# Of an amount below 10**24 with 24 decimals and two rates of as many digits each, a quotient of so many digits lies on
# the same side of a half as the exact one does.
_EXACT = Context(prec=160)

# A shop has one table: its conditions count in one currency, by one rate a day.
ID = "rates"

# Since which second UTC one unit of a currency is worth how much in the base, the latest first.
Steps = tuple[tuple[int, Decimal], ...]
_ALWAYS = -(1 << 62)

# ``{"USD": 0.92, "GBP": [{"since": "2026-01-01", "rate": 1.17}]}``: what one unit is worth in the base.
Said = Mapping[str, Any]


class RateTable:
    """The rates into the shop's currency as published, whose days begin in the shop's time zone.

    It stands in conditions as one value, and is known there by a digest of what it says: whatever is derived from the
    content of a condition changes with the rates, and only with them.
    """

    def __init__(self, stated: Said, zone: str = "UTC") -> None:
        self.said = stated
        self.zone = zone

    @cached_property
    def steps(self) -> Mapping[str, Steps]:
        """The rates of each currency."""
        return {currency: _steps(rates, self.zone) for currency, rates in sorted(self.said.items())}

    @cached_property
    def digest(self) -> str:
        """Sixteen hex digits of what it says."""
        plain = [[name, [[since, f"{rate.normalize():f}"] for since, rate in steps]] for name, steps in self]
        return hashlib.sha256(repr(plain).encode()).hexdigest()[:16]

    def at(self, currency: str, time: int) -> Decimal | None:
        """What one unit of the currency was worth in the base at a second; None where no rate is known."""
        return next((rate for since, rate in self.steps.get(currency, ()) if time >= since), None)

    def __iter__(self) -> Any:
        return iter(self.steps.items())

    def __repr__(self) -> str:
        return f"rates:{self.digest}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RateTable) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)


def _steps(rates: Any, zone: str) -> Steps:
    if not isinstance(rates, Sequence):
        return ((_ALWAYS, Decimal(str(rates))),)
    where = zones.known(zone) or UTC
    begins = (zones.begins(date.fromisoformat(each["since"]), where) for each in rates)
    return tuple((since, Decimal(str(each["rate"]))) for since, each in zip(begins, rates, strict=True))[::-1]


@dataclass(frozen=True, slots=True)
class Counting:
    """The currency that amounts count in, the shop's own, which events without one are in, and the rates into that."""

    currency: str
    base: str
    rates: RateTable | None = None

    @property
    def is_plain(self) -> bool:
        """Whether events of the shop's own currency count and nothing is converted."""
        return self.currency == self.base and self.rates is None

    def convert(self, amount: Decimal, currency: str, time: int) -> Decimal | None:
        """An amount in major units, told at the second, as it counts; None if it does not."""
        if currency == self.currency:
            return amount
        worth, unit = self._worth(currency, time), self._worth(self.currency, time)
        if worth is None or unit is None:
            return None
        converted = _EXACT.divide(_EXACT.multiply(amount, worth), unit)
        return converted.quantize(Decimal(1).scaleb(-exponent(self.currency)), ROUND_HALF_UP, _EXACT)

    def _worth(self, currency: str, time: int) -> Decimal | None:
        """What one unit is worth in the shop's own currency."""
        if self.rates is None:
            return None
        return Decimal(1) if currency == self.base else self.rates.at(currency, time)

    def counted(self, properties: Mapping[str, Any], time: int) -> Mapping[str, Any]:
        """The properties of an event with its amounts as they count, converted ones in major units."""
        own = currency_of(properties, self.base)
        if own == self.currency:
            return properties
        return {name: self._counted(name, value, properties, time) for name, value in properties.items()}

    def _counted(self, name: str, value: Any, properties: Mapping[str, Any], time: int) -> Any:
        if isinstance(value, Mapping):
            return {key: self._counted(key, inner, properties, time) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._counted(name, inner, properties, time) for inner in value]
        amount = exact(number(properties, name, value)) if name in MONEY else None
        if amount is None:
            return value
        converted = self.convert(amount, currency_of(properties, self.base), time)
        return _UNCOUNTED if converted is None else converted


def currency_of(properties: Mapping[str, Any], base: str) -> str:
    """The ISO 4217 code that an event's amounts are in; the shop's currency if the event names none."""
    currency = properties.get("currency")
    return currency.upper() if isinstance(currency, str) else base


def counting(part: Mapping[str, Any]) -> Counting | None:
    """In which currency the amounts count that a part of a condition asks for; None if it was not said."""
    money: Mapping[str, Any] = part.get("money", {})
    base = str(money.get("base", ""))
    currency = str(part.get("currency", base))
    return Counting(currency, base, money.get("rates")) if currency else None
