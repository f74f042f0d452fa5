"""Find whoever falls due in the coming minute and queue them to the second."""

from collections.abc import Iterable

from functions.core.base.tasks import AdvanceRun, Dispatch, WakeProfile
from functions.core.flows.records import Due
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
        queued += _queue(ports, ports.people.due(shard, now + SOON), now)
        queued += _queue(ports, ports.runs.due(shard, now + SOON), now)
    return queued


def _queue(ports: Ports, rows: Iterable[Due], now: int) -> int:
    dispatches = [dispatch(row, now) for row in rows]
    for start in range(0, len(dispatches), BATCH):
        ports.queues.send(dispatches[start : start + BATCH])
    return len(dispatches)


def dispatch(row: Due, now: int) -> Dispatch:
    """The task that wakes a due profile or run on its second."""
    is_profile = row.key == "state"
    task = WakeProfile(row.profile, row.due) if is_profile else AdvanceRun(row.profile, row.key, row.due)
    return Dispatch(task, max(0, row.due - now))
