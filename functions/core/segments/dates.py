"""Dates and moments as text: what they mean in seconds, UTC where they do not say otherwise."""

import re
from datetime import UTC, date, datetime, timedelta

DAY = 86_400
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:?\d{2})?")
_YEARLY = re.compile(r"--(\d{2})-?(\d{2})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = date(1970, 1, 1).toordinal()


def begins(year: int, month: int, day: int) -> int:
    """When the day begins; 29 February is kept on the 28th in years that have none. Raises ValueError."""
    if (month, day) == (2, 29) and (year % 4 or (not year % 100 and year % 400)):
        day = 28
    return (date(year, month, day).toordinal() - _FIRST) * DAY


def year_of(second: int) -> int:
    """The year in which the second lies."""
    return date.fromordinal(_FIRST + second // DAY).year


def reach(text: object) -> tuple[int, int] | None:
    """First and last second of a date (``2026-05-12``) or a moment (``2026-05-12T10:00:00+02:00``)."""
    if not isinstance(text, str):
        return None
    try:
        if _DATE.fullmatch(text):
            first = begins(int(text[:4]), int(text[5:7]), int(text[8:]))
            return (first, first + DAY - 1) if text == date.fromisoformat(text).isoformat() else None
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(_clipped(text.upper()))
            since = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - _EPOCH
            second = since // timedelta(seconds=1)
            return second, second
    except (ValueError, OverflowError):
        return None
    return None


def _clipped(text: str) -> str:
    """With at most the six decimals of a second that datetime reads."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text)


def of_year(text: object) -> tuple[int, int] | None:
    """Month and day of a date, a moment (as it is written) or ``--05-12``."""
    if not isinstance(text, str):
        return None
    found = _YEARLY.fullmatch(text)
    if found is None:
        return (int(text[5:7]), int(text[8:10])) if reach(text) else None
    month, day = int(found[1]), int(found[2])
    try:
        begins(2000, month, day)
    except ValueError:
        return None
    return month, day
