"""How long a Lambda has left: long work stops in time and queues what remains."""

from collections.abc import Callable

# What the last page may take.
MARGIN_MS = 60_000


def late(context: object) -> Callable[[], bool]:
    """Whether the invocation nears its end; never without a Lambda context that says so."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return lambda: remaining is not None and remaining() < MARGIN_MS
