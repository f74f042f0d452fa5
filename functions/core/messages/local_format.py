"""Amounts and dates in a locale's format; Babel is imported at first use."""

import re
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from babel import Locale

# Locale names that both Babel and HTML accept: ``de``, ``de_AT``, ``zh-Hant-TW``.
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,4}")
STYLES = ("short", "medium", "long", "full")


@lru_cache(maxsize=4096)
def money(amount: Decimal, currency: str, locale: str) -> str:
    """The amount (in major units) in the locale's format, with its currency's sign and decimals."""
    from babel.numbers import format_currency

    return str(format_currency(amount, currency.upper(), locale=locale_of(locale)))


def moment(value: str | int, style: str, locale: str, zone: tzinfo = UTC) -> str:
    """The day in the locale's format, in one of ``STYLES``; raises ValueError if the value is not a date."""
    from babel.dates import format_date

    return str(format_date(day(value, zone), format=style, locale=locale_of(locale)))


def day(value: str | int, zone: tzinfo = UTC) -> date:
    """The day in the zone, from ISO 8601 text or seconds UTC; raises ValueError for anything else.

    A text without an offset is taken for local time already.
    """
    try:
        if isinstance(value, int):
            return datetime.fromtimestamp(value, zone).date()
        moment = datetime.fromisoformat(value.strip())
        return (moment.astimezone(zone) if moment.tzinfo else moment).date()
    except (OverflowError, OSError):
        raise ValueError("no date") from None


@lru_cache(maxsize=64)
def locale_of(name: str) -> "Locale":
    """The Babel locale of this name, else that of its language, else English."""
    from babel import Locale, UnknownLocaleError

    for candidate in (name, name.replace("-", "_").partition("_")[0]):
        try:
            return Locale.parse(candidate.replace("-", "_"))
        except (UnknownLocaleError, ValueError, TypeError):
            continue
    return Locale("en")


def currency_of(value: Any, default: str) -> str:
    """The value in capitals if it is three ASCII letters, else the default."""
    named = isinstance(value, str) and len(value) == 3 and value.isascii() and value.isalpha()
    return str(value).upper() if named else default
