"""Tasks of the queue ``refreshes``: the nightly refresh."""

from dataclasses import dataclass

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class RefreshProfiles(Task):
    """Continue the nightly refresh that computes for the instant ``at``.

    ``start`` is where the next page begins, ``tally`` the orders counted so far (``Tally.packed``). ``profiles``,
    ``checked`` and ``differences`` count the profiles read, those checked against the log, and those that differed.
    """

    QUEUE = "refreshes"

    start: str | None
    at: int
    tally: str | None = None
    profiles: int = 0
    checked: int = 0
    differences: int = 0


@dataclass(frozen=True, slots=True)
class ApplyBorders(Task):
    """Evaluate all profiles by new RFM borders; ``start`` is where the next page begins, None for the first."""

    QUEUE = "refreshes"
    MARK = "place"

    start: str | None = None


TASKS = (ApplyBorders, RefreshProfiles)
