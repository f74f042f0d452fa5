"""How far something is that takes long: drawn on a terminal, on standard error; nothing elsewhere."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.text import Text

from cli import output

Item = TypeVar("Item")


def track(items: Collection[Item], label: str) -> Iterator[Item]:
    """The items, with a bar on the terminal until the last is done."""
    if not items:
        return
    with bar(label, len(items)) as move:
        for done, item in enumerate(items, 1):
            yield item
            move(done, len(items))


@contextmanager
def bar(label: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Draw how far something is, on a terminal: call what it gives with how many are done, and of how many.

    Without a total it shows how many are done and that it goes on.
    """
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), _Number(), TimeElapsedColumn())
    console = output.terminal(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not output.is_watched()) as progress:
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
