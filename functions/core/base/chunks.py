"""Splits items into batches of the size that a receiver accepts."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Split the items into lists of at most ``size``, in their order."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def fitting(items: Iterable[T], count: int, limit: int, weight: Callable[[T], int]) -> Iterator[list[T]]:
    """Split the items into lists of at most ``count`` whose weights sum to at most ``limit``.

    An item that is heavier than ``limit`` makes a list of its own.
    """
    part: list[T] = []
    total = 0
    for item in items:
        heavy = weight(item)
        if part and (len(part) == count or total + heavy > limit):
            yield part
            part, total = [], 0
        part.append(item)
        total += heavy
    if part:
        yield part
