"""Dates of files: ISO, seconds or milliseconds since 1970, and day, month and year in the order that is told."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from functions.sources.tabular.records import BadValue, Format

_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?\s?(Z|UTC|GMT|[+-]\d\d:?\d\d)?", re.ASCII
)
_SECONDS, _MILLISECONDS = re.compile(r"\d{9,10}", re.ASCII), re.compile(r"\d{12,13}", re.ASCII)
_NUMBERS = re.compile(
    r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s?([AaPp][Mm])?)?", re.ASCII
)
ORDERS = tuple(
    mark.join(parts) for mark in "./-" for parts in (("DD", "MM", "YYYY"), ("MM", "DD", "YYYY"), ("YYYY", "MM", "DD"))
)


def is_numbers(text: str) -> bool:
    """True for day, month and year as three numbers, whose order has to be told."""
    return _NUMBERS.fullmatch(text) is not None and _ISO.fullmatch(text) is None


def instant(value: Any, form: Format) -> str | None:
    """The instant as RFC 3339 in UTC with milliseconds; None for an empty value. Raises BadValue."""
    text = str(value).strip() if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""
    if not text:
        return None
    moment = _moment(text, form)
    if moment is None or moment.year < 1970:
        raise BadValue(f"{text[:40]!r} is not a date since 1970")
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _moment(text: str, form: Format) -> datetime | None:
    if iso := _ISO.fullmatch(text):
        date, clock, zone = iso.groups()
        return _in_utc(f"{date}T{clock or '00:00'}", _offset(zone), form)
    if _SECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text), UTC)
    if _MILLISECONDS.fullmatch(text):
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    numbers = _NUMBERS.fullmatch(text)
    return _ordered(text, numbers, form) if numbers else None


def _offset(zone: str | None) -> str:
    return "+00:00" if zone in ("Z", "UTC", "GMT") else zone or ""


def _in_utc(local: str, offset: str, form: Format) -> datetime | None:
    try:
        moment = datetime.fromisoformat(local + offset)
        placed = moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(form.timezone))
        return placed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _ordered(text: str, numbers: re.Match[str], form: Format) -> datetime | None:
    first, mark, second, third, hour, minute, second_of, half = numbers.groups()
    if not form.dates:
        raise BadValue(f"{text[:40]!r}: which number is the day? say --dates DD{mark}MM{mark}YYYY or another order")
    if mark not in form.dates:
        raise BadValue(f"{text[:40]!r} is written with {mark!r}, and --dates {form.dates} is not")
    parts = dict(zip(form.dates.split(mark), (first, second, third), strict=True))
    if len(parts["YYYY"]) != 4:
        return None
    clock = _clock(int(hour or 0), half, minute or "00", second_of or "00")
    return _in_utc(f"{parts['YYYY']}-{parts['MM']:0>2}-{parts['DD']:0>2}T{clock}", "", form) if clock else None


def _clock(hour: int, half: str | None, minute: str, second: str) -> str:
    if half:
        if not 1 <= hour <= 12:
            return ""
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    return f"{hour:02}:{minute}:{second}"
