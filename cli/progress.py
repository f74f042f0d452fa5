"""How far something is that takes long: drawn on a terminal, on standard error; nothing elsewhere."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from cli import output

Item = TypeVar("Item")


def track(items: Collection[Item], label: str) -> Iterator[Item]:
    """The items, with a bar on the terminal until the last is done."""
    if not items:
        return
    with bar(label, len(items)) as move:
        for count, item in enumerate(items, 1):
            yield item
            move(count, len(items))


@contextmanager
def bar(label: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """Draw how far something is, on a terminal: call what it gives with how many are done, and of how many.

    Without a total it shows how many are done and that it goes on.
    """
    if not output.is_watched():
        yield lambda *_: None
        return
    from cli import drawing

    with drawing.bar(label, total) as move:
        yield move
