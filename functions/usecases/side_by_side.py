"""Work on several people at a time, so that the calls of one are under way while those of another are waited for.

Whoever is worked on beside others shares nothing with them: each has a count of its own, and their rows have versions.
Adapters may be called from several threads, as clients of boto3 may.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from itertools import count
from typing import TypeVar

from functions.core.base.errors import Unavailable
from functions.usecases.context import Context

T = TypeVar("T")

# People at a time. Their calls of DynamoDB take as many connections, and what they read and write in several calls at
# once takes those of its pools (functions/adapters/clients.py has room for all).
LANES = 16


class NoTimeLeft(Unavailable):
    """The invocation is nearly over: this was not begun, and is to come again."""


def each(context: Context, items: Sequence[T], work: Callable[[Context, T], None]) -> dict[int, Exception]:
    """Work on every item, as many at a time as ``context.lanes`` says; return the error of each that failed, by place.

    Items are begun in their order, and none is begun when it is late.
    """
    lanes = min(context.lanes, len(items))
    if lanes <= 1:
        results = [_attempt(context, item, work) for item in items]
    elif error := _attempt(context, None, _load_definitions):
        results = [error] * len(items)
    else:
        results = _in_lanes(context, items, work, lanes)
    return {place: error for place, error in enumerate(results) if error}


def _load_definitions(context: Context, _nobody: None) -> None:
    """Load them for all lanes, or each of them might load another version."""
    _ = context.ruleset


def _in_lanes(
    context: Context, items: Sequence[T], work: Callable[[Context, T], None], lanes: int
) -> list[Exception | None]:
    results: list[Exception | None] = [None] * len(items)
    places = count()

    def go_on() -> Counter[str]:
        own = replace(context, counts=Counter())
        for place in _taken(places, len(items)):
            results[place] = _attempt(own, items[place], work)
        return own.counts

    with ThreadPoolExecutor(lanes, "lane") as pool:
        for finished in [pool.submit(copy_context().run, go_on) for _ in range(lanes)]:
            context.counts.update(finished.result())
    return results


def _taken(places: Iterator[int], end: int) -> Iterator[int]:
    """The places that this lane takes; to take one from ``count`` is atomic."""
    while (place := next(places)) < end:
        yield place


def _attempt(context: Context, item: T, work: Callable[[Context, T], None]) -> Exception | None:
    if context.late():
        return NoTimeLeft("begin", "the invocation is nearly over")
    try:
        work(context, item)
    except Exception as error:
        return error
    return None
