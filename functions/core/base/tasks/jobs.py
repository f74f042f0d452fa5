"""Tasks of the queue ``jobs``: what is asked about everybody."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class SweepSegment(Task):
    """Evaluate segment ``number`` of the ``of`` segments of the scan for all jobs that wait for it."""

    QUEUE = "jobs"

    number: int
    of: int


TASKS = (SweepSegment,)
