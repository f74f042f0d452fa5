"""Records of jobs: what needs everybody and takes more than a moment. Times are seconds UTC."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

JobState = Literal["open", "done", "failed", "cancelled"]
# Seconds after it was asked for that a job is there, with whom it found.
KEPT = 7 * 86_400


@dataclass(frozen=True, slots=True)
class Job:
    """A job, without its question and its answer.

    kind        what answers it
    subject     what it is about, in words
    digest      of its question: the same question is not answered twice at a time
    author      who asked
    asked       when that was
    at          the instant for which it is answered
    of          the number of segments of the scan
    about       the estimated number of people when it was asked
    definition  kind/id of what it is about; empty for all definitions
    version     the definition's version for which it is answered; of all definitions, their revision
    ended       when it was done, failed or was cancelled
    fault       why it failed, in words
    retried     when it was last taken up again after it had failed
    """

    id: str
    kind: str
    subject: str
    digest: str
    author: str
    asked: int
    at: int
    of: int
    about: int
    definition: str = ""
    version: int = 0
    state: JobState = "open"
    ended: int | None = None
    fault: str = ""
    retried: int | None = None

    def close(self, state: JobState, now: int, fault: str = "") -> "Job":
        """The job as it ends."""
        return replace(self, state=state, ended=now, fault=fault)

    def reopen(self, now: int) -> "Job":
        """The job as it goes on after it had ended."""
        return replace(self, state="open", ended=None, fault="", retried=now)

    def is_kept(self, now: int) -> bool:
        """True until its time is over; its rows may be there for longer, since DynamoDB drops them when it can."""
        return now < self.asked + KEPT


@dataclass(frozen=True, slots=True)
class JobSegment:
    """The progress of a job in one segment of the scan, counted from the segment's beginning.

    ``place`` is where its next page begins, ``moved`` when a page was last done, ``tally`` what was counted so far.
    """

    number: int
    pages: int = 0
    seen: int = 0
    place: str | None = None
    moved: int = 0
    finished: bool = False
    tally: Any = None

    def after(self, people: int, place: str | None, now: int, tally: Any) -> "JobSegment":
        """The segment after one more page; a page without a ``place`` is the last one."""
        return JobSegment(self.number, self.pages + 1, self.seen + people, place, now, place is None, tally)


class JobPlace(NamedTuple):
    """Where a list of the people whom a job found goes on: segment, page in it, and how many of that to pass over."""

    segment: int = 0
    page: int = 0
    skipped: int = 0


class JobPage(NamedTuple):
    """The ids of the people whom one page of the scan found."""

    segment: int
    page: int
    people: Sequence[str]
