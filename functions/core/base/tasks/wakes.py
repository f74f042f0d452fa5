"""Tasks of the queue ``wakes``: what time does to a profile."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class WakeProfile(Task):
    """Evaluate a profile at ``due``, the instant at which time alone may change its memberships."""

    QUEUE = "wakes"

    profile: str
    due: int | None = None


TASKS = (WakeProfile,)
