"""Adding the shop's currency and exchange rates to conditions on amounts; stored conditions hold neither.

A condition counts amounts in the shop's currency or in the one it names. Amounts in other currencies are converted if
their rates are known, and are not counted otherwise. A condition with the filter ``currency = "USD"`` reads those
events alone and counts their amounts unconverted.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from functions.core.base.money import MONEY
from functions.core.segments.nested import mappings, rebuilt
from functions.core.timelines.exchange import RateTable
from functions.core.timelines.filters import equalities

# ``{"base": "EUR", "rates": RateTable(…)}``, without ``rates`` if there are none; ``{}`` if the currency is unknown.
Money = Mapping[str, Any]
Node = Mapping[str, Any]


def money_of(currency: str, body: Mapping[str, Any] | None, zone: str) -> Money:
    """The value put beside conditions: the shop's currency, and the rates of ``body`` if that is their base."""
    if not currency:
        return {}
    base = currency.upper()
    rates = body["rates"] if body is not None and body["base"] == base else None
    return {"base": base, "rates": RateTable(rates, zone)} if rates else {"base": base}


def currency_said(part: Node) -> str | None:
    """The currency that a part of a condition names, directly or by an equality in its filter; None without one."""
    return part.get("currency") or dict(equalities(part.get("where"))).get("currency")


def in_money(value: Any, money: Money) -> Any:
    """The value with ``money`` beside every part that counts amounts and has none yet."""
    return rebuilt(value, lambda part: {"money": money, **part} if asks_for_amounts(part) else part) if money else value


def is_priced(value: Any) -> bool:
    """True if any part of the value already carries a currency."""
    return any("money" in part or "currency" in part for part in _parts(value))


def is_asking(value: Any) -> bool:
    """True if any part of the value counts amounts, in the shop's currency or in one that it names."""
    return any(map(asks_for_amounts, _parts(value)))


def not_counted(value: Any, money: Money, of_events: Iterable[str]) -> list[tuple[str, list[str]]]:
    """The currencies in which conditions count, each with those ``of_events`` that they silently leave out.

    A condition that names a currency, in a shop without rates, is not silent: it says that it counts that one alone.
    """
    base, rates = money.get("base", ""), money.get("rates")
    if not base:
        return []
    asking = [part for part in _parts(value) if asks_for_amounts(part) and part.get("measure") in (None, "monetary")]
    currencies = {str(part.get("currency", base)) for part in asking if rates is not None or "currency" not in part}
    lacking = (
        (currency, sorted({*of_events} - _convertible(currency, base, rates))) for currency in sorted(currencies)
    )
    return [(currency, lost) for currency, lost in lacking if lost]


def _convertible(currency: str, base: str, rates: RateTable | None) -> set[str]:
    """The currencies whose amounts can be counted in this one."""
    currencies = {base, *(rates.said if rates is not None else ())}
    return currencies | {currency} if currency in currencies else {currency}


def _parts(value: Any) -> Iterator[Node]:
    """Every part that names events, and every ``rfm`` condition."""
    return (part for part in mappings(value) if isinstance(part.get("events"), list | tuple) or part.get("op") == "rfm")


def asks_for_amounts(part: Node) -> bool:
    """True if the part reads amounts of events and its filter does not fix their currency."""
    if part.get("op") == "rfm":
        return True
    if not isinstance(part.get("events"), list | tuple):
        return False
    measured = is_money(part.get("property")) and part.get("op") != "distinct"
    return (measured or _filters_money(part.get("where"))) and "currency" not in dict(equalities(part.get("where")))


def _filters_money(where: Any) -> bool:
    if not isinstance(where, Mapping):
        return False
    return is_money(where.get("property")) or any(map(_filters_money, where.get("and", where.get("or", ()))))


def is_money(path: Any) -> bool:
    """True if the path leads to an amount of money."""
    return isinstance(path, str) and path.split(".")[-1].removesuffix("[]") in MONEY
