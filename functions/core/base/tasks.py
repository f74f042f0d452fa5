"""Tasks that one function sends to another through a queue. Times are seconds UTC.

queue      task                 sent by                                         done by
wakes      WakeProfile          tick, and what writes a profile due soon        wake
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
``task_codec.py`` defines their JSON.
"""

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Task:
    """The base class of tasks; a field's JSON key is its name, or ``key`` in the field's metadata.

    ``QUEUE`` is the queue that carries the task. ``MARK`` is a JSON key that only this kind of task has in its queue;
    it is empty for the kind that a message without any mark is.
    """

    QUEUE: ClassVar[str]
    MARK: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class WakeProfile(Task):
    """Evaluate a profile at ``due``, the instant at which time alone may change its memberships."""

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
class ErasePeople(Task):
    """Delete every person who has one of the identifiers."""

    QUEUE = "erasures"

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EraseEmptyProfiles(Task):
    """Delete the profiles of the identifiers that have no events in the log: the second step of an erasure."""

    QUEUE = "erasures"
    MARK = "second"

    identifiers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EraseShop(Task):
    """Delete every person of the shop; ``start`` is where the next page begins, None for the first."""

    QUEUE = "erasures"
    MARK = "shop"

    shop: str
    start: str | None = None


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


@dataclass(frozen=True, slots=True)
class DeliverTransition(Task):
    """Deliver a transition to a destination; ``reason``, of a dead letter only, is why delivery was given up."""

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
    """A task to send to its queue, visible there after ``delay`` seconds (0 to 900).

    ``dead`` sends it to the dead-letter queue at once, since trying again is known to be useless.
    """

    task: Task
    delay: int = 0
    dead: bool = False

    @property
    def queue(self) -> str:
        """The queue's name in the topology, that of the dead-letter queue for a dead task."""
        return f"{self.task.QUEUE}-dead" if self.dead else self.task.QUEUE
