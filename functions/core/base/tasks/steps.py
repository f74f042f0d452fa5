"""Tasks of the queue ``steps``: what is to be done with flow runs, and the one e-mail that no flow sends."""

from dataclasses import dataclass, field

from functions.core.base.tasks import Task


@dataclass(frozen=True, slots=True)
class AdvanceRun(Task):
    """Take a flow run through the steps that are due. ``run`` is ``flow#entry``."""

    QUEUE = "steps"

    profile: str
    run: str
    due: int | None = None


@dataclass(frozen=True, slots=True)
class DivideRuns(Task):
    """Correct the flow runs of a profile that was divided from others."""

    QUEUE = "steps"
    MARK = "divided"

    profile: str


@dataclass(frozen=True, slots=True)
class ResumeFlow(Task):
    """Continue the runs of a flow that waited while it was paused."""

    QUEUE = "steps"
    MARK = "resume"

    flow: str = field(metadata={"key": "resume"})


@dataclass(frozen=True, slots=True)
class AskConfirmation(Task):
    """Ask an address by e-mail whether its owner says yes to marketing.

    ``address`` is ``email:…``, ``device`` the ``anonymous_id:…`` that said yes for it, if there was one, and ``asked``
    when that was received.
    """

    QUEUE = "steps"
    MARK = "confirm"

    address: str
    device: str | None
    asked: int


TASKS = (AskConfirmation, ResumeFlow, DivideRuns, AdvanceRun)
