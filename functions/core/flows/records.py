"""The stored records of flow runs and of the index of due items. Times are seconds UTC."""

from dataclasses import dataclass
from typing import NamedTuple


class Due(NamedTuple):
    """One row of a due index: a profile (``key`` is "state") or a run."""

    profile: str
    key: str
    due: int


class DueWindow(NamedTuple):
    """The rows of a shard with ``since <= due < until`` (seconds UTC)."""

    shard: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a flow for one person.

    entry    identifies what started it (an instant, or the value of the flow's key); part of every cause
    since    when that happened
    started  when the run was created
    step     the id of the next step, empty after the last
    due      the instant of that step; None once the run has ended
    outcome  how it ended; None before
    version  the number of the stored write
    paused   the step fell due while the flow was paused: nothing wakes the run until the flow is resumed
    waiting  for a run that was joined to another one: the instant of the step at which it ended, where it continues if
             the people turn out to be two
    entered  for a flow that leaving a segment starts: since when the person had been in the segment
    flow_version  the version of the flow that ``step`` belongs to; 0, in rows from before this field, means the version
                  in force when the run was started
    """

    profile: str
    flow: str
    entry: str
    since: int
    started: int
    step: str = ""
    due: int | None = None
    outcome: str | None = None
    version: int = 0
    paused: bool = False
    waiting: int | None = None
    entered: int | None = None
    flow_version: int = 0

    @property
    def id(self) -> str:
        """The range key of the run's row: ``<flow>#<entry>``."""
        return f"{self.flow}#{self.entry}"
