"""Flow runs, and what wakes them on their second. Times are seconds UTC."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Due:
    """One row of a due index: a profile (``key`` is "state") or a run."""

    profile: str
    key: str
    due: int


@dataclass(frozen=True, slots=True)
class Run:
    """One person's way through one flow.

    ``entry`` names what started it (an instant, or the value of the flow's key); it is part of every cause.
    ``since`` is when that happened. ``step`` is the id of the next step, empty past the last, in the version of the
    flow that ``flow_version`` names; 0, in rows of before it was kept, is the one in force when the run was started.
    ``due`` is None once it has ended, with ``outcome``.
    ``paused`` means that the step fell due while the flow was paused: nothing wakes the run until the flow is resumed.
    ``waiting`` is the instant of the step at which it ended because another run goes on for it: should the people turn
    out to be two, it is taken up there. ``entered`` is since when the person had been in the segment that was left.
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
        """The range key: flow#entry."""
        return f"{self.flow}#{self.entry}"
