"""The one place that tries again when somebody else wrote between our reads and our write."""

from collections.abc import Callable
from typing import TypeVar

from functions.core.base.errors import Conflict, SegueError

T = TypeVar("T")

# Two writers of one profile: the second of six attempts succeeds unless there are many, and then a queue's retry helps
# more than another read.
ATTEMPTS = 6


def retry_on_conflict(attempt: Callable[[], T], where: str, why: str, also: tuple[type[SegueError], ...] = ()) -> T:
    """What the attempt comes to, which reads anew each time; raises Conflict if it meets one six times.

    ``where`` and ``why`` are what that Conflict says; errors of ``also`` are tried again as well.
    """
    expected: tuple[type[SegueError], ...] = (Conflict, *also)
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except expected:
            continue
    raise Conflict(where, why)


def retry_publication(attempt: Callable[[], T]) -> T:
    """What publishing comes to once nothing is published or withdrawn between looking and writing."""
    return retry_on_conflict(attempt, "definitions", "definitions keep changing")
