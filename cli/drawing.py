"""What rich draws on a terminal: text, JSON and bars. Imported when there is something to draw, since it takes long."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.highlighter import JSONHighlighter
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from cli.styles import Part, colour_system

# Control characters, and those that turn the direction of writing, by which text may pretend to be another.
_TURNS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_SHOWN = {code: f"\\u{code:04x}" for code in (*range(9), *range(11, 32), *range(127, 160), *_TURNS)}


class _Console(Console):
    """A console that leaves a closed pipe to ``cli.main``, which knows the exit code."""

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def console(*, stderr: bool = False) -> Console:
    """One for each use: what standard output is may change between two commands of one process, as in tests."""
    return _Console(stderr=stderr, color_system=colour_system(), highlight=False, markup=False, emoji=False, tab_size=1)


def text(parts: Iterable[Part], on: Console) -> None:
    """Draw lines of text; control characters are shown instead of sent."""
    safe = [_visible(part) if isinstance(part, str) else (_visible(part[0]), part[1]) for part in parts]
    _show(on, Text.assemble(*safe))


def json(written: str, on: Console) -> None:
    """Draw JSON in colours."""
    _show(on, JSONHighlighter()(Text(_visible(written))))


@contextmanager
def bar(label: str, total: int | None) -> Iterator[Callable[..., None]]:
    """Draw a bar on standard error until the block ends; call what it yields with the number done and the total."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), _Number(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)

        def move(done: int, of: int | None = None) -> None:
            progress.update(task, completed=done, total=of)

        yield move


class _Number(ProgressColumn):
    """How many are done, of how many if that is known."""

    def render(self, task: Task) -> Text:
        """7 of 40"""
        of = f" of {task.total:,.0f}" if task.total else ""
        return Text(f"{task.completed:,.0f}{of}" if task.completed or of else "")


def _show(on: Console, drawn: Text) -> None:
    """Print on a terminal; while a bar is drawn ``sys.stdout`` and ``sys.stderr`` are rich's, which print above it."""
    with on.capture() as captured:
        on.print(drawn, soft_wrap=True)
    print(captured.get(), end="", file=sys.stderr if on.stderr else sys.stdout, flush=True)


def _visible(written: str) -> str:
    return written.translate(_SHOWN)
