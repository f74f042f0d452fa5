"""The meaning of HTTP answers, for destinations that are called by HTTP."""

from collections.abc import Mapping
from email.utils import parsedate_to_datetime

from functions.core.base.errors import SegueError, Throttled, Unavailable, Undeliverable
from functions.core.deliveries.records import ReceiverAnswer
from functions.destinations.base import Failed

# What is said here about a body will be said about it again. Whatever else may pass: a server restarts, a key is
# renewed, an address is set right.
_FINAL = frozenset({400, 405, 410, 411, 413, 414, 415, 422, 431})


def refused_by_status(destination: str, answer: ReceiverAnswer, count: int) -> Failed:
    """The error of each item by its position (0 to ``count`` - 1): none for a 2xx status, else one for every item."""
    if 200 <= answer.status < 300:
        return {}
    return dict.fromkeys(range(count), _error(destination, answer))


def _error(destination: str, answer: ReceiverAnswer) -> SegueError:
    if answer.status in _FINAL:
        return Undeliverable(destination, f"answered {answer.status}")
    if answer.status in (425, 429, 503):
        return Throttled(f"call {destination}", str(answer.status), after=_retry_after(answer.headers))
    return Unavailable(f"call {destination}", str(answer.status))


def _retry_after(headers: Mapping[str, str]) -> int:
    """The seconds that ``Retry-After`` asks for; 0 without it, and for one that is neither seconds nor a date.

    A date is held against the ``Date`` of the same answer, since the receiver's clock may be wrong (RFC 9110, 10.2.3).
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        # Far beyond what anybody waits for; int() refuses a text of thousands of digits.
        return int(value[:9])
    try:
        until, now = parsedate_to_datetime(value), parsedate_to_datetime(headers.get("date", ""))
        return max(0, int((until - now).total_seconds()))
    except (ValueError, TypeError):
        return 0
