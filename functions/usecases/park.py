"""Park what fails for a reason of its own, so that its stream goes on; for an outage a stream waits.

A stream brings a batch again from its first failing record on until the day is over for which DynamoDB keeps records.
That is right while AWS is away, and wrong for a record at which the program fails whenever it comes: nothing behind it
in its shard would be folded for a day, and then it would be lost. Of a program that fails at everything, as after a
bad deploy, nothing may be parked but a few: the stream keeps it until the program is mended.

    a batch ──► does anything of it wait for an outage? ── yes ──► all that failed comes again: parked now, it would
                     │ no                                          be parked at every further try
                     ▼
                did anything of it succeed? ── yes ──► all that failed is parked: the program works
                     │ no
                     ▼
                one of the first UNPROVEN_PER_HOUR? ── yes ──► parked
                     │ no
                     └──► it comes again, and all behind it
"""

from collections.abc import Mapping
from typing import NamedTuple

from functions.core.base.errors import is_outage
from functions.core.base.tasks import Dispatch, Task
from functions.usecases.context import Context

HOUR = 3_600
# So many records an hour are parked, by all functions together, without a proof that the program works at all. A quiet
# shop has few records beside a failing one; after a bad deploy these are the only ones to be fetched from there.
UNPROVEN_PER_HOUR = 20
# The counter of those, and the metric of all that are parked.
UNPROVEN, PARKED = "ParkedUnproven", "RecordsParked"


class Failed(NamedTuple):
    """What failed: why, and the task that does it again later."""

    error: Exception
    task: Task


def park(context: Context, failed: Mapping[int, Failed], of: int) -> dict[int, Exception]:
    """Park what failed of a batch of so many records; return the errors of those that must come again, by position.

    Raises Unavailable if it cannot be parked either.
    """
    if any(is_outage(each.error) for each in failed.values()):
        return {place: each.error for place, each in failed.items()}
    places = sorted(failed)
    parked = len(places) if len(places) < of else _admitted(context, len(places))
    tasks = dict.fromkeys(failed[place].task for place in places[:parked])
    context.ports.queues.send([Dispatch(task, dead=True) for task in tasks])
    context.counts[PARKED] += parked
    return {place: failed[place].error for place in places[parked:]}


def _admitted(context: Context, count: int) -> int:
    """How many of so many records may be parked in this hour although nothing shows that the program works."""
    hour, counters = context.now // HOUR, context.ports.counters
    return next(
        (place for place in range(count) if not counters.take(UNPROVEN, hour, UNPROVEN_PER_HOUR)),
        count,
    )
