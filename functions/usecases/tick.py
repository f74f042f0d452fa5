"""Find the profiles and runs that fall due within about a minute, and queue them for the exact second."""

from collections.abc import Iterable

from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.steps import AdvanceRun
from functions.core.base.tasks.wakes import WakeProfile
from functions.core.flows.records import Due
from functions.usecases.context import Context

# The tick looks this far ahead (seconds); what falls due sooner is put on the queue by whoever finds it.
SOON = 75

BATCH = 100


def tick(context: Context) -> int:
    """Queue every profile and run that is due before ``now + SOON``; return how many.

    A row stays in its index until it was processed, so the next tick queues it again: processing twice is harmless, and
    nothing that was missed is lost.
    """
    queued = 0
    for shard in range(context.settings.due_shards):
        queued += _queue(context, context.ports.people.due(shard, context.now + SOON))
        queued += _queue(context, context.ports.runs.due(shard, context.now + SOON))
    return queued


def _queue(context: Context, rows: Iterable[Due]) -> int:
    dispatches = [dispatch(row, context.now) for row in rows]
    for start in range(0, len(dispatches), BATCH):
        context.ports.queues.send(dispatches[start : start + BATCH])
    return len(dispatches)


def dispatch(row: Due, now: int) -> Dispatch:
    """The task for a due profile or run, delayed to its second."""
    is_profile = row.key == "state"
    task = WakeProfile(row.profile, row.due) if is_profile else AdvanceRun(row.profile, row.key, row.due)
    return Dispatch(task, max(0, row.due - now))
