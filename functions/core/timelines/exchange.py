"""Exchange rates: amounts in other currencies are converted by the rate of their event's day, or do not count.

An amount is converted by exact arithmetic and rounded once, half up, to the minor unit of the currency that it counts
in; so every amount is what a receipt would show, and sums of them are exact.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property
from typing import Any, NamedTuple

from functions.core.base import zones
from functions.core.base.money import MONEY, exponent, number
from functions.core.timelines.filters import exact

# The value of a property whose amount does not count: it exists, and satisfies no comparison.
_UNCOUNTED: Mapping[str, Any] = {}

# Of an amount below 10**24 with 24 decimals and two rates of as many digits each, a quotient of so many digits lies on
# the same side of a half as the exact one does.
_EXACT = Context(prec=160)

# A shop has one table: its conditions count in one currency, by one rate a day.
ID = "rates"

# Pairs of a second UTC and what one unit of a currency is worth in the base currency from then on, the latest first.
Steps = tuple[tuple[int, Decimal], ...]
_ALWAYS = -(1 << 62)

# The rates as published: ``{"USD": 0.92, "GBP": [{"since": "2026-01-01", "rate": 1.17}]}``, the worth of one unit in
# the base currency.
Said = Mapping[str, Any]


class RateTable:
    """The published rates into the shop's currency; a rate's day begins in the shop's time zone.

    In the JSON of conditions it is one value, and its ``repr`` is a digest of the rates: so whatever is derived from
    the content of a condition changes with the rates, and only with them.
    """

    def __init__(self, rates: Said, zone: str = "UTC") -> None:
        self.said = rates
        self.zone = zone

    @cached_property
    def steps(self) -> Mapping[str, Steps]:
        """The rates of each currency, each with the second (UTC) from which it applies, the latest first."""
        return {currency: _steps(rates, self.zone) for currency, rates in sorted(self.said.items())}

    @cached_property
    def digest(self) -> str:
        """Sixteen hex digits of the SHA-256 of all rates."""
        plain = [[name, [[since, f"{rate.normalize():f}"] for since, rate in steps]] for name, steps in self]
        return hashlib.sha256(repr(plain).encode()).hexdigest()[:16]

    def at(self, currency: str, time: int) -> Decimal | None:
        """The worth of one unit of the currency in the base currency at a second (UTC); None if no rate is known."""
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
    where = zones.zone_of(zone) or UTC
    begins = (zones.begins(date.fromisoformat(each["since"]), where) for each in rates)
    return tuple((since, Decimal(str(each["rate"]))) for since, each in zip(begins, rates, strict=True))[::-1]


class Counting(NamedTuple):
    """How amounts count, with ISO 4217 codes.

    currency  the currency that amounts count in
    base      the shop's own, which is also that of events without a currency
    rates     the rates into ``base``; None if nothing is converted
    """

    currency: str
    base: str
    rates: RateTable | None = None

    @property
    def is_plain(self) -> bool:
        """True if only amounts in the shop's own currency count and nothing is converted."""
        return self.currency == self.base and self.rates is None

    def convert(self, amount: Decimal, currency: str, time: int) -> Decimal | None:
        """Convert an amount in major units by the rates at ``time`` (seconds UTC); None if a rate is missing."""
        if currency == self.currency:
            return amount
        worth, unit = self._worth(currency, time), self._worth(self.currency, time)
        if worth is None or unit is None:
            return None
        converted = _EXACT.divide(_EXACT.multiply(amount, worth), unit)
        return converted.quantize(Decimal(1).scaleb(-exponent(self.currency)), ROUND_HALF_UP, _EXACT)

    def _worth(self, currency: str, time: int) -> Decimal | None:
        """The worth of one unit in the shop's own currency at ``time``; None if no rate is known."""
        if self.rates is None:
            return None
        return Decimal(1) if currency == self.base else self.rates.at(currency, time)

    def counted(self, properties: Mapping[str, Any], time: int) -> Mapping[str, Any]:
        """The properties of an event with its amounts converted to ``currency``.

        Properties in that currency are returned as they are, with amounts in minor units. Converted amounts are
        Decimals in major units; an amount that cannot be converted becomes an empty mapping.
        """
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
    """How the amounts in a part of a condition count; None if neither the part nor its ``money`` names a currency."""
    money: Mapping[str, Any] = part.get("money", {})
    base = str(money.get("base", ""))
    currency = str(part.get("currency", base))
    return Counting(currency, base, money.get("rates")) if currency else None
