"""Tasks that one function sends to another through a queue: a module for each queue. Times are seconds UTC.

queue      task                 sent by                                         done by
wakes      WakeProfile          tick, and what writes a profile due soon        wake
steps      AdvanceRun           tick, react, send                               send
           DivideRuns           fold, wake, backfill, erase                     send
           ResumeFlow           api, send                                       send
           AskConfirmation      fold, send                                      send
erasures   ErasePeople          collect, api                                    erase
           EraseEmptyProfiles   erase                                           erase
           EraseShop            collect, api, erase                             erase
backfills  BackfillLane         api, backfill                                   backfill
refreshes  RefreshProfiles      refresh                                         refresh
           ApplyBorders         refresh                                         refresh
deliveries DeliverTransition    react                                           deliver
ticks      QueueShard           tick                                            tick
refolds    RefoldPeople         api; fold and refold as dead letters            refold
           RefoldReceived       api, refold                                     refold
           RebuildSegment       api, refold                                     refold
jobs       SweepSegment         api, jobs                                       jobs
changes    ReactAgain           react as dead letters, from where they come     react

A queue delivers at least once and in no order: every task may be done twice, and late. ``task_codec.py`` defines their
JSON. A function loads the modules of its own queues; each ends with ``TASKS``, the kinds of task that there are on it.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

# SQS holds a message back for this long at most (seconds).
LONGEST_DELAY = 900


@dataclass(frozen=True, slots=True)
class Task:
    """The base class of tasks; a field's JSON key is its name, or ``key`` in the field's metadata.

    ``QUEUE`` is the queue that carries the task. ``MARK`` is a JSON key that only this kind of task has in its queue;
    it is empty for the kind that a message without any mark is.
    """

    QUEUE: ClassVar[str]
    MARK: ClassVar[str] = ""


class Dispatch(NamedTuple):
    """A task to send to its queue, visible there after ``delay`` seconds (0 to LONGEST_DELAY).

    ``dead`` sends it to the dead-letter queue at once, since trying again is known to be useless.
    """

    task: Task
    delay: int = 0
    dead: bool = False

    @property
    def queue(self) -> str:
        """The queue's name in the topology, that of the dead-letter queue for a dead task."""
        return f"{self.task.QUEUE}-dead" if self.dead else self.task.QUEUE


class RefusedDispatch(NamedTuple):
    """A dispatch that its queue did not take; ``useless`` if it will never take it. ``code`` is SQS's."""

    dispatch: Dispatch
    code: str
    useless: bool = False
