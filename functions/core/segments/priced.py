"""Conditions that ask for amounts, with the shop's currency and its rates beside them: what is stored leaves them out.

A condition counts amounts in the shop's currency, or in the one that it says itself. Amounts in others are converted
where the rates are known, and else do not count. A condition whose filter says ``currency = "USD"`` looks at those
events alone, and counts their amounts as they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from functions.core.base.money import MONEY
from functions.core.segments.nested import mappings, rebuilt
from functions.core.timelines.exchange import RateTable
from functions.core.timelines.filters import equalities

# ``{"base": "EUR", "rates": RateTable(…)}``, the rates where there are some; nothing if the currency is not known.
Money = Mapping[str, Any]
Node = Mapping[str, Any]


def money_of(currency: str, body: Mapping[str, Any] | None, zone: str) -> Money:
    """What stands beside conditions: the shop's currency, and the rates of a definition whose base it is."""
    if not currency:
        return {}
    base = currency.upper()
    rates = body["rates"] if body is not None and body["base"] == base else None
    return {"base": base, "rates": RateTable(rates, zone)} if rates else {"base": base}


def currency_said(part: Node) -> str | None:
    """The currency that a part of a condition names, itself or by what every event has to have; None if it does not."""
    return part.get("currency") or dict(equalities(part.get("where"))).get("currency")


def in_money(value: Any, money: Money) -> Any:
    """The value with the currency beside every part that asks for amounts and does not know one already."""
    return rebuilt(value, lambda part: {"money": money, **part} if asks_for_amounts(part) else part) if money else value


def is_priced(value: Any) -> bool:
    """Whether anything in the value counts amounts in a currency."""
    return any("money" in part or "currency" in part for part in _parts(value))


def is_asking(value: Any) -> bool:
    """Whether anything in the value would count amounts in the shop's currency, or in the one that it says."""
    return any(map(asks_for_amounts, _parts(value)))


def not_counted(value: Any, money: Money, seen: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Currencies in which conditions in the value count, each with those seen that they leave out without saying so.

    A condition that says its currency in a shop without rates says that it counts that one alone.
    """
    base, rates = money.get("base", ""), money.get("rates")
    if not base:
        return []
    asking = [part for part in _parts(value) if asks_for_amounts(part) and part.get("measure") in (None, "monetary")]
    currencies = {str(part.get("currency", base)) for part in asking if rates is not None or "currency" not in part}
    lacking = ((currency, sorted({*seen} - _convertible(currency, base, rates))) for currency in sorted(currencies))
    return [(currency, lost) for currency, lost in lacking if lost]


def _convertible(currency: str, base: str, rates: RateTable | None) -> set[str]:
    """The currencies of which amounts count in this one."""
    currencies = {base, *(rates.said if rates is not None else ())}
    return currencies | {currency} if currency in currencies else {currency}


def _parts(value: Any) -> Iterator[Node]:
    """Everything that names events, and the places among customers by what they paid."""
    return (part for part in mappings(value) if isinstance(part.get("events"), list | tuple) or part.get("op") == "rfm")


def asks_for_amounts(part: Node) -> bool:
    """Whether events have to have an amount for it, and its filter does not say of which currency."""
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
    """Whether a path leads to amounts."""
    return isinstance(path, str) and path.split(".")[-1].removesuffix("[]") in MONEY
