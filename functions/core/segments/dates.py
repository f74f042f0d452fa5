"""Parsing of ISO dates and moments into seconds UTC; a text without an offset is read in a given time zone."""

import re
from datetime import UTC, date, datetime, tzinfo

from functions.core.base import zones

DAY = zones.DAY
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?")
_YEARLY = re.compile(r"--(\d{2})-?(\d{2})")
_FIRST = date(1970, 1, 1).toordinal()


def of_the_year(year: int, month: int, day: int) -> date:
    """The anniversary of month and day in that year; 29 February becomes the 28th in other years. Raises ValueError."""
    if (month, day) == (2, 29) and (year % 4 or (not year % 100 and year % 400)):
        day = 28
    return date(year, month, day)


def span_of(day: date, zone: tzinfo = UTC) -> tuple[int, int]:
    """First and last second (UTC) of the day in the zone."""
    return zones.begins(day, zone), zones.ends(day, zone) - 1


def year_of(second: int) -> int:
    """The UTC year in which the second (since 1970) lies."""
    return date.fromordinal(_FIRST + second // DAY).year


def reach(text: object, zone: tzinfo = UTC) -> tuple[int, int] | None:
    """First and last second (UTC) of a date (``2026-05-12``) or moment (``2026-05-12T10:00:00+02:00``), else None.

    ``zone`` is used for dates, and for moments that are written without an offset.
    """
    if not isinstance(text, str):
        return None
    try:
        if _DATE.fullmatch(text):
            return span_of(date.fromisoformat(text), zone)
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(_clipped(text.upper()))
            second = zones.second(moment if moment.tzinfo else moment.replace(tzinfo=zone))
            return second, second
    except (ValueError, OverflowError):
        return None
    return None


def _clipped(text: str) -> str:
    """The text with fractions of a second cut to six digits, the most that datetime reads."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text)


def of_year(text: object) -> tuple[int, int] | None:
    """Month and day of a date, a moment (its local date as written) or ``--05-12``; None for anything else."""
    if not isinstance(text, str):
        return None
    match = _YEARLY.fullmatch(text)
    if match is None:
        return (int(text[5:7]), int(text[8:10])) if reach(text) else None
    month, day = int(match[1]), int(match[2])
    try:
        of_the_year(2000, month, day)
    except ValueError:
        return None
    return month, day
