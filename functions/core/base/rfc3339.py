"""Instants as the API writes them: RFC 3339 in UTC, whole seconds."""

import re
from datetime import UTC, datetime

from functions.core.base.errors import Fault, Malformed

# A plus sign that was not escaped in a query arrives as a space.
_SHAPE = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?(?:([Zz])|([+\- ])(\d\d:\d\d))")

LAST = 253_402_300_799  # the end of the year 9999


def parse(text: object, where: str) -> int:
    """The instant in seconds UTC, fractions cut off; raises Malformed unless it lies between 1970 and 9999."""
    shape = _SHAPE.fullmatch(text) if isinstance(text, str) else None
    if shape:
        date, clock, zulu, sign, offset = shape.groups()
        zone = "+00:00" if zulu else f"{'-' if sign == '-' else '+'}{offset}"
        seconds = _seconds(f"{date}T{clock}{zone}")
        if seconds is not None and 0 <= seconds <= LAST:
            return seconds
    raise Malformed(Fault("not an RFC 3339 instant", where, suggestion="2026-11-21T19:30:00Z"))


def _seconds(written: str) -> int | None:
    try:
        return int(datetime.fromisoformat(written).timestamp())
    except (ValueError, OverflowError):
        return None


def text(seconds: int) -> str:
    """The instant as text: 0 -> "1970-01-01T00:00:00Z"."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
