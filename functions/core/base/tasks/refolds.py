"""Tasks of the queue ``refolds``: what is to be folded from the log again."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class RefoldPeople(Task):
    """Fold everything in the log of the people who have these identifiers.

    As a dead letter it is what fold parked: one event about these identifiers could not be folded.
    """

    QUEUE = "refolds"

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefoldReceived(Task):
    """Fold what the log received from ``since`` to ``until``, in lane ``lane`` of ``of``.

    ``start`` is where the next page begins, None for the first.
    """

    QUEUE = "refolds"
    MARK = "until"

    since: int
    until: int
    lane: int = 0
    of: int = 1
    start: str | None = None


@dataclass(frozen=True, slots=True)
class RebuildSegment(Task):
    """Go on with segment ``number`` of the log for the job that rebuilds every profile."""

    QUEUE = "refolds"
    MARK = "rebuild"

    job: str
    number: int


TASKS = (RebuildSegment, RefoldReceived, RefoldPeople)
