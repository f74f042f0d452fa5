"""Amounts of money as whole numbers of the currency's minor unit, so that sums compare exactly with thresholds."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

# ISO 4217 (list one, 2024-06-25): currencies whose minor unit is not a hundredth.
EXPONENTS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI"), 0),
    **dict.fromkeys(("VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}

# Property names that hold an amount in the Segment e-commerce vocabulary and in Segue's storefront translations.
MONEY = frozenset(
    (
        *("total", "subtotal", "revenue", "price", "line_price", "compare_at_price", "tax", "shipping", "discount"),
        *("refund", "amount", "total_discount", "total_tax"),
    )
)

# Numbers of this size or more are refused: no amount of money is as large.
_LIMIT = Decimal(10) ** 24


def exponent(currency: str) -> int:
    """The number of decimals of the currency; 2 for an unknown one."""
    return EXPONENTS.get(currency.upper(), 2)


def decimal(value: object) -> Decimal | None:
    """The exact value of an int, Decimal or numeric text; None for anything else, NaN, infinity, and 10**24 or more."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number) < _LIMIT else None


def to_minor(value: object, currency: str) -> int | None:
    """Convert an amount in major units to minor units, rounded half up; None if the value is not an amount."""
    number = decimal(value)
    if number is None:
        return None
    return int(number.scaleb(exponent(currency)).quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def normalise(properties: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Properties with the amounts at any depth in minor units, and with ``currency`` set if there are amounts.

    The event's own ``currency`` wins over the given one. A value under an amount's name that is not a number stays
    as it was sent, and satisfies no comparison.
    """
    own = properties.get("currency")
    used = own.upper() if isinstance(own, str) and len(own) == 3 else currency
    changed = {name: _convert(name, value, used) for name, value in properties.items()}
    if _has_money(properties):
        changed["currency"] = used
    return changed


def _convert(name: str, value: Any, currency: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _convert(key, inner, currency) for key, inner in value.items()}
    if isinstance(value, list):
        return [_convert(name, inner, currency) for inner in value]
    if name in MONEY:
        minor = to_minor(value, currency)
        return value if minor is None else minor
    return value


def _has_money(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(name in MONEY or _has_money(inner) for name, inner in value.items())
    return isinstance(value, list) and any(map(_has_money, value))


def number(properties: Mapping[str, Any], name: str, value: object) -> Decimal | None:
    """The numeric value of a property, amounts in major units; None for text, booleans and other types.

    ``name`` is the last part of the property's path; ``properties`` are the event's, for its currency.
    """
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if name in MONEY and isinstance(value, int):
        currency = properties.get("currency")
        return Decimal(value).scaleb(-exponent(currency if isinstance(currency, str) else ""))
    return decimal(value)
