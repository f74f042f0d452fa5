"""Options that are spans of time, written as everywhere in Segue: 24h, 2d, 1h30m, "3 days"."""

from argparse import ArgumentTypeError

from functions.core.base import spans
from functions.core.base.errors import Malformed


def span(text: str) -> int:
    """The span in seconds, for ``type=`` of an argument."""
    try:
        seconds = spans.parse(text)
    except Malformed as malformed:
        raise ArgumentTypeError(f"{malformed.faults[0].message}; write 30s, 15m, 24h or 2d") from None
    if seconds <= 0:
        raise ArgumentTypeError("a span is longer than nothing; write 30s, 15m, 24h or 2d")
    return seconds
