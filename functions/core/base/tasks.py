"""Tasks: what one function asks another to do through a queue. Times are seconds UTC.

queue      task                 asked for by                                    done by
wakes      WakeProfile          tick, and whoever writes a profile due soon     wake
steps      AdvanceRun           tick, react, send                               send
           DivideRuns           fold, wake, backfill, erase                     send
           ResumeFlow           api, send                                       send
erasures   ErasePeople          collect, api                                    erase
           EraseEmptyProfiles   erase                                           erase
           EraseShop            collect, api, erase                             erase
backfills  BackfillLane         api, backfill                                   backfill
refreshes  RefreshProfiles      refresh                                         refresh
           ApplyBorders         refresh                                         refresh
deliveries DeliverTransition    react                                           deliver

A queue delivers at least once and in no order: every task may be done twice, and late.
Their JSON is ``task_codec.py``'s.
"""

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Task:
    """``QUEUE`` is where it travels. ``MARK`` is the key that tells it from the others there; none for the usual one.

    A field is a key of the JSON under its own name, or the one that its metadata has as ``key``.
    """

    QUEUE: ClassVar[str]
    MARK: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class WakeProfile(Task):
    """Evaluate a profile at ``due``, when time alone may change what it belongs to."""

    QUEUE = "wakes"

    profile: str
    due: int | None = None


@dataclass(frozen=True, slots=True)
class AdvanceRun(Task):
    """Take a flow run through the steps that are due. ``run`` is ``flow#entry``."""

    QUEUE = "steps"

    profile: str
    run: str
    due: int | None = None


@dataclass(frozen=True, slots=True)
class DivideRuns(Task):
    """Set the runs of somebody right who was divided from others."""

    QUEUE = "steps"
    MARK = "divided"

    profile: str


@dataclass(frozen=True, slots=True)
class ResumeFlow(Task):
    """Let the runs go on that waited while the flow was paused."""

    QUEUE = "steps"
    MARK = "resume"

    flow: str = field(metadata={"key": "resume"})


@dataclass(frozen=True, slots=True)
class ErasePeople(Task):
    """Delete everybody who has one of the identifiers."""

    QUEUE = "erasures"

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EraseEmptyProfiles(Task):
    """Delete the profiles of the identifiers whose log is empty: the second look of an erasure."""

    QUEUE = "erasures"
    MARK = "second"

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EraseShop(Task):
    """Delete everybody. ``start`` is where the next page begins."""

    QUEUE = "erasures"
    MARK = "shop"

    shop: str
    start: str | None = None


@dataclass(frozen=True, slots=True)
class BackfillLane(Task):
    """Go on with one of a backfill's ``of`` lanes for what was published with ``revision``.

    It is ``ready`` once nobody works by older definitions any more.
    """

    QUEUE = "backfills"

    revision: int
    lane: int = 0
    of: int = 1
    ready: bool = False


@dataclass(frozen=True, slots=True)
class RefreshProfiles(Task):
    """Go on with a nightly refresh, which is about the instant ``at``.

    ``start`` is where the next page begins, ``tally`` the orders counted so far (``Tally.packed``). The rest counts the
    profiles seen, those checked against the log, and those that differed from it.
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
    """Move everybody by new RFM borders. ``start`` is where the next page begins."""

    QUEUE = "refreshes"
    MARK = "place"

    start: str | None = None


@dataclass(frozen=True, slots=True)
class DeliverTransition(Task):
    """Tell a destination of a transition. ``reason`` says of a dead letter why it was given up."""

    QUEUE = "deliveries"

    destination: str
    profile: str
    segment: str
    entered: bool
    at: int
    cause: str
    order: int
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """A task on its way to its queue, visible there after ``delay`` seconds (0 to 900).

    A ``dead`` one is known to be of no use to try again, and goes to the queue's dead letters at once.
    """

    task: Task
    delay: int = 0
    dead: bool = False

    @property
    def queue(self) -> str:
        """The queue in the topology's words."""
        return f"{self.task.QUEUE}-dead" if self.dead else self.task.QUEUE
