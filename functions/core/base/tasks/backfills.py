"""Tasks of the queue ``backfills``: bringing all profiles up to a publication."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class BackfillLane(Task):
    """Continue lane number ``lane`` of the ``of`` lanes of the backfill for the publication ``revision``.

    ``ready`` is True once no function works with older definitions any more.
    """

    QUEUE = "backfills"

    revision: int
    lane: int = 0
    of: int = 1
    ready: bool = False


TASKS = (BackfillLane,)
