"""Nearest plain values of what senders write: text of numbers, instants of several forms."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_ORDER = re.compile(r"(?:gid://shopify/Order/|#)(\w[\w.-]*)(?:\?.*)?")


def text(value: Any, limit: int = 255) -> str | None:
    """The text, or a whole number's digits, cut to ``limit`` characters; None for empty and other values."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return str(value).strip()[:limit] or None


def instant(value: Any) -> int | None:
    """Milliseconds UTC of an RFC 3339 text (without a zone it is UTC); None for anything else or before 1970."""
    if not isinstance(value, str) or not 10 <= len(value) <= 40:
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    milliseconds = (moment - _EPOCH) // _MILLISECOND
    return milliseconds if milliseconds >= 0 else None


def order_id(value: str | int) -> str:
    """Normalise an order's number: ``gid://shopify/Order/1003`` and ``#1003`` both become 1003."""
    as_text = str(value).strip()
    match = _ORDER.fullmatch(as_text)
    return match[1] if match else as_text


def written(milliseconds: int | None) -> str | None:
    """An instant as RFC 3339: ``2026-11-21T19:13:05.114Z``; None for None."""
    if milliseconds is None:
        return None
    moment = _EPOCH + timedelta(milliseconds=milliseconds)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
