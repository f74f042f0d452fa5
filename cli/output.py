"""What commands print: text and JSON to standard output, the rest to standard error; colour on terminals only.

A pipe gets the characters as they are. On a terminal control characters are shown instead of sent, since much of what
is printed was written by strangers (webhooks, names of events) and an escape sequence could rewrite the screen; and so
are characters that turn the direction of writing, by which a line could show what it does not say.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable
from typing import Any, TextIO

from cli.styles import Part

# What makes rich treat a pipe or a file as a terminal.
_FORCES = ("FORCE_COLOR", "TTY_COMPATIBLE")


def line(*parts: Part) -> None:
    """Print one line, or several, of what was asked for."""
    _print(sys.stdout, parts)


def note(*parts: Part) -> None:
    """Print a line beside what was asked for: a fault, a warning, progress."""
    _print(sys.stderr, parts)


def as_json(value: Any, *, compact: bool = False) -> None:
    """Print a value as JSON, indented or in one line; the same everywhere."""
    text = json.dumps(value, indent=None if compact else 2, ensure_ascii=False)
    if _may_be_drawn(sys.stdout):
        from cli import drawing

        if (console := drawing.console()).is_terminal:
            drawing.json(text, console)
            return
    _write(sys.stdout, text)


def people(count: int) -> str:
    """So many people in words."""
    return "1 person" if count == 1 else f"{count} people"


def is_watched() -> bool:
    """True if standard error is a terminal, where progress is drawn; FORCE_COLOR makes none of a file."""
    return sys.stderr.isatty()


def width() -> int:
    """How many characters are in a line of the terminal; 80 where there is none."""
    return shutil.get_terminal_size().columns


def _print(stream: TextIO, parts: Iterable[Part]) -> None:
    parts = list(parts)
    if _may_be_drawn(stream):
        from cli import drawing

        if (console := drawing.console(stderr=stream is sys.stderr)).is_terminal:
            drawing.text(parts, console)
            return
    _write(stream, "".join(part if isinstance(part, str) else part[0] for part in parts))


def _may_be_drawn(stream: TextIO) -> bool:
    """False if it is certain that rich would not draw on the stream, which spares its import."""
    return stream.isatty() or any(name in os.environ for name in _FORCES)


def _write(stream: TextIO, text: str) -> None:
    """Print the characters as they are; while a bar is drawn beside it the stream is rich's, which has it within."""
    print(text, file=getattr(stream, "rich_proxied_file", stream), flush=True)
