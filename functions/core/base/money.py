"""Amounts of money as whole numbers of the currency's minor unit, so that sums compare exactly with thresholds."""

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
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

# No amount of money has as many digits before its point, and no number that can be stored as many after it. Numbers
# are held against these two before anything is computed with them: ``abs`` alone raises Overflow beyond 10**999999.
_DIGITS = 24
_DECIMALS = 200
# No amount in minor units is larger: 24 digits, and the 4 decimals of the finest currency.
_LARGEST_MINOR = 10 ** (_DIGITS + 4)
# A number as JSON writes it, with the plus, the bare point and the spaces around it that people add. Decimal() reads
# more: digits of other scripts, underscores, NaN.
_WRITTEN = re.compile(r"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?\s*", re.ASCII)
# Every number within the bounds keeps all its digits in it, so that it is rounded once.
_EXACT = Context(prec=_DIGITS + _DECIMALS + 8, rounding=ROUND_HALF_UP)


def exponent(currency: str) -> int:
    """The number of decimals of the currency; 2 for an unknown one."""
    return EXPONENTS.get(currency.upper(), 2)


def currency_code(value: object) -> str | None:
    """The code of a currency, three ASCII letters, in capitals; None for anything else."""
    is_code = isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha()
    return str(value).upper() if is_code else None


def decimal(value: object) -> Decimal | None:
    """The exact value of an int, Decimal or numeric text.

    None for anything else, NaN, infinity, 10**24 or more, and more than 200 decimals.
    """
    number = _read(value)
    if number is None or not number.is_finite():
        return None
    if not number:
        return Decimal(0)
    fits = number.adjusted() < _DIGITS and int(number.as_tuple().exponent) >= -_DECIMALS
    return number if fits else None


def _read(value: object) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    if isinstance(value, str) and not (len(value) <= _EXACT.prec and _WRITTEN.fullmatch(value)):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:
        return None


def to_minor(value: object, currency: str) -> int | None:
    """Convert an amount in major units to minor units, rounded half up; None if the value is not an amount."""
    number = decimal(value)
    if number is None:
        return None
    return int(number.scaleb(exponent(currency), _EXACT).quantize(Decimal(1), context=_EXACT))


def normalise(properties: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """Properties with the amounts at any depth in minor units, and with ``currency`` set if there are amounts.

    The event's own ``currency`` wins over the given one. A value under an amount's name that is no amount stays as it
    was sent, and satisfies no comparison.
    """
    used = currency_code(properties.get("currency")) or currency
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
        return _no_amount(value) if minor is None else minor
    return value


def _no_amount(value: Any) -> Any:
    """The value so that nobody takes it for an amount in minor units: a number that is too large as a Decimal."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


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
        return major(value, currency if isinstance(currency, str) else "")
    return decimal(value)


def major(minor: int, currency: str) -> Decimal | None:
    """An amount in major units, exact; None if it is larger than any amount."""
    return Decimal(minor).scaleb(-exponent(currency), _EXACT) if abs(minor) < _LARGEST_MINOR else None
