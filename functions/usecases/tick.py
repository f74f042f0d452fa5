"""Find whoever falls due in the coming minute and queue them to the second."""

from collections.abc import Iterable

from functions.core.flows.records import Dispatch, Due
from functions.core.ports import Ports

# The tick looks this far ahead (seconds); what falls due sooner is put on the queue by whoever finds it.
SOON = 75

BATCH = 100


def tick(ports: Ports, shards: int, now: int) -> int:
    """Queue every profile and run that is due before ``now + SOON``; return how many.

    A row stays in its index until it was dealt with, so the next tick queues it again: twice is harmless, and
    nothing that was missed is lost.
    """
    queued = 0
    for shard in range(shards):
        queued += _queue(ports, "wakes", ports.people.due(shard, now + SOON), now)
        queued += _queue(ports, "steps", ports.runs.due(shard, now + SOON), now)
    return queued


def _queue(ports: Ports, queue: str, rows: Iterable[Due], now: int) -> int:
    dispatches = [dispatch(queue, row, now) for row in rows]
    for start in range(0, len(dispatches), BATCH):
        ports.queues.send(dispatches[start : start + BATCH])
    return len(dispatches)


def dispatch(queue: str, row: Due, now: int) -> Dispatch:
    """The message that wakes a due profile or run on its second."""
    run = {} if row.key == "state" else {"run": row.key}
    return Dispatch(queue, {"profile": row.profile, **run, "due": row.due}, max(0, row.due - now))
