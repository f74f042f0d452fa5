"""The meaning of HTTP answers, for destinations that are called by HTTP."""

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
    return dict.fromkeys(range(count), _error(destination, answer.status))


def _error(destination: str, status: int) -> SegueError:
    if status in _FINAL:
        return Undeliverable(destination, f"answered {status}")
    kind = Throttled if status in (425, 429, 503) else Unavailable
    return kind(f"call {destination}", str(status))
