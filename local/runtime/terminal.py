"""Terminal output, coloured if the terminal supports it and the user has not turned it off."""

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
    """True if the terminal shows colours and they are not turned off."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def paint(text: str, *styles: str) -> str:
    """The text with these styles."""
    if not colourful() or not styles:
        return text
    return f"\x1b[{';'.join(_CODES[style] for style in styles)}m{text}\x1b[0m"


def mute_telemetry() -> None:
    """Keep CloudWatch metrics and info logs off this terminal; environment variables take precedence."""
    os.environ.setdefault("POWERTOOLS_METRICS_DISABLED", "true")
    os.environ.setdefault("POWERTOOLS_LOG_LEVEL", "WARNING")


def say(text: str = "") -> None:
    """Print a line and flush it."""
    print(text, flush=True)


class Progress:
    """A temporary line with the position of a clock that moves for longer than a second."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._shown = False

    def show(self, to: int) -> None:
        """Show the clock's position if the output is a terminal."""
        if sys.stderr.isatty() and time.monotonic() > self._began + 1:
            self._shown = True
            sys.stderr.write(f"\r\x1b[2K  the clock moves: {rfc3339(now())} of {rfc3339(to)}")
            sys.stderr.flush()

    def clear(self) -> None:
        """Remove the line."""
        if self._shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
