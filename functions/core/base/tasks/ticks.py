"""Tasks of the queue ``ticks``: what of the due indexes one tick cannot queue by itself."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class QueueShard(Task):
    """Queue the rows of a shard's window: of ``table``, with ``since <= due < until``.

    ``profile``, ``key`` and ``due`` are the row behind which it goes on; None for the first. A ``sweep`` queues one
    page a minute. ``tries`` is how often it was put off at this place.
    """

    QUEUE = "ticks"

    table: str
    shard: int
    since: int
    until: int
    profile: str | None = None
    key: str | None = None
    due: int | None = None
    sweep: bool = False
    tries: int = 0


TASKS = (QueueShard,)
