"""Words for the terminal, in colour where it has colours and they are wanted."""

import os
import sys
import time

from local.runtime.clock import now, rfc3339

_CODES = {
    "bold": "1",
    "dim": "2",
    "red": "31",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "magenta": "35",
    "cyan": "36",
}


def colourful() -> bool:
    """Whether the terminal shows colours and nobody asked for none."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def paint(text: str, *styles: str) -> str:
    """The text in these styles."""
    if not colourful() or not styles:
        return text
    return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"


def mute_telemetry() -> None:
    """Keep counts and notes for CloudWatch off this terminal; warnings stay. What the environment says goes first."""
    os.environ.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")


def say(text: str = "") -> None:
    """A line, at once."""
    print(text, flush=True)


class Progress:
    """Where a clock that moves for longer than a second has come to, on a line of its own that goes away."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._shown = False

    def show(self, to: int) -> None:
        """Say where the clock is, if anybody looks."""
        if sys.stderr.isatty() and time.monotonic() > self._began + 1:
            self._shown = True
            sys.stderr.write(f"\r\x1b[2K  the clock moves: {rfc3339(now())} of {rfc3339(to)}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
