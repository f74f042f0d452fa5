"""Cuts what is to be sent into the batches that a receiver takes."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of at most ``size`` items."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def fitting(items: Iterable[T], count: int, limit: int, weight: Callable[[T], int]) -> Iterator[list[T]]:
    """Lists of at most ``count`` items that together weigh ``limit`` at most; a heavier item travels alone."""
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
