"""Conditions that ask for amounts, with the shop's currency and its rates beside them: what is stored leaves them out.

A condition that says its currency, or whose filter does, counts that one alone. All others count the shop's own.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from functions.core.money import MONEY
from functions.core.segments.filters import equalities
from functions.core.segments.nested import mappings, rebuilt

# ``{"base": "EUR", "rates": {"USD": 0.92}}``, or nothing where the shop's currency is not known.
Money = Mapping[str, Any]


def currency_said(part: Mapping[str, Any]) -> str | None:
    """The currency that a part of a condition names, itself or by what every event has to have; None if it does not."""
    return part.get("currency") or dict(equalities(part.get("where"))).get("currency")


def in_money(value: Any, money: Money) -> Any:
    """The value with the currency beside every part that asks for amounts and does not know one already."""
    return rebuilt(value, lambda part: {"money": money, **part} if _is_asking(part) else part) if money else value


def is_priced(value: Any) -> bool:
    """Whether anything in the value counts amounts in a currency."""
    return any("money" in part or "currency" in part for part in _parts(value))


def open_parts(value: Any) -> list[Mapping[str, Any]]:
    """The parts that ask for amounts and say no currency, those inside linked scores included."""
    return [part for part in _parts(value) if _is_asking(part) and "currency" not in part]


def not_counted(value: Any, base: str, rates: Iterable[str], seen: Iterable[str]) -> list[str]:
    """The currencies that were seen, and that a condition in the value leaves out without saying so."""
    if not base or not open_parts(value):
        return []
    return sorted({*seen} - {base, *rates})


def _parts(value: Any) -> Iterator[Mapping[str, Any]]:
    """Everything that names events."""
    return (part for part in mappings(value) if isinstance(part.get("events"), list | tuple))


def _is_asking(part: Mapping[str, Any]) -> bool:
    """Whether events have to have an amount for it, and its filter does not say of which currency."""
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
