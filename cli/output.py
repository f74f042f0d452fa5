"""What commands print: text and JSON to standard output, the rest to standard error; colour on terminals only.

A pipe gets the characters as they are. On a terminal control characters are shown instead of sent, since much of what
is printed was written by strangers (webhooks, names of events) and an escape sequence could rewrite the screen.
"""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any, Literal

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.text import Text

# A text, or a text with the style that it has on a terminal.
Part = str | tuple[str, str]
_SHOWN = {code: f"\\u{code:04x}" for code in (*range(9), *range(11, 32), *range(127, 160))}


def line(*parts: Part) -> None:
    """Print one line, or several, of what was asked for."""
    _print(terminal(), parts)


def note(*parts: Part) -> None:
    """Print a line beside what was asked for: a fault, a warning, progress."""
    _print(terminal(stderr=True), parts)


def as_json(value: Any, *, compact: bool = False) -> None:
    """Print a value as JSON, indented or in one line; the same everywhere."""
    text = json.dumps(value, indent=None if compact else 2, ensure_ascii=False)
    console = terminal()
    if console.is_terminal:
        _show(console, JSONHighlighter()(Text(_visible(text))))
    else:
        print(text, file=console.file, flush=True)


def is_watched() -> bool:
    """True if standard error is a terminal, where progress is drawn; FORCE_COLOR makes none of a file."""
    return sys.stderr.isatty()


def terminal(*, stderr: bool = False) -> Console:
    """One for each use: what standard output is may change between two commands of one process, as in tests."""
    return _Console(stderr=stderr, color_system=colour_system(), highlight=False, markup=False, emoji=False, tab_size=1)


def width() -> int:
    """How many characters are in a line of the terminal; 80 where there is none."""
    return terminal().width


def colour_system() -> Literal["auto"] | None:
    """For rich: no escape sequence of any kind with NO_COLOR, whatever the terminal can."""
    return None if os.environ.get("NO_COLOR") else "auto"


def _print(console: Console, parts: Iterable[Part]) -> None:
    if not console.is_terminal:
        text = "".join(part if isinstance(part, str) else part[0] for part in parts)
        print(text, file=console.file, flush=True)
        return
    safe = [_visible(part) if isinstance(part, str) else (_visible(part[0]), part[1]) for part in parts]
    _show(console, Text.assemble(*safe))


def _show(console: Console, text: Text) -> None:
    """Print on a terminal; while a bar is drawn ``sys.stdout`` and ``sys.stderr`` are rich's, which print above it."""
    with console.capture() as captured:
        console.print(text, soft_wrap=True)
    print(captured.get(), end="", file=sys.stderr if console.stderr else sys.stdout, flush=True)


def _visible(text: str) -> str:
    return text.translate(_SHOWN)


class _Console(Console):
    """A console that leaves a closed pipe to ``cli.main``, which knows the exit code."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError
