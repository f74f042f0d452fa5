"""Options that are spans of time, written as everywhere in Segue: 24h, 2d, 1h30m, "3 days"."""

from typing import Any

import typer

from functions.core.base import spans
from functions.core.base.errors import Malformed


def span(text: str) -> int:
    """The span in seconds."""
    try:
        seconds = spans.parse(text)
    except Malformed as malformed:
        raise typer.BadParameter(f"{malformed.faults[0].message}; write 30s, 15m, 24h or 2d") from None
    if seconds <= 0:
        raise typer.BadParameter("a span is longer than nothing; write 30s, 15m, 24h or 2d")
    return seconds


def span_option(name: str, default: str, words: str) -> Any:
    """An option that takes a span; its field holds the seconds."""
    return typer.Option(
        name, parser=span, default_factory=lambda: default, show_default=default, help=words, metavar="SPAN"
    )
