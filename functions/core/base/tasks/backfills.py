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


@dataclass(frozen=True, slots=True)
class BackfillProfile(Task):
    """Bring one profile up to the definitions that are current then: it held up the others of its page."""

    QUEUE = "backfills"
    MARK = "alone"

    profile: str


TASKS = (BackfillProfile, BackfillLane)
