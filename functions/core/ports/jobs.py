"""Jobs: what needs everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from functions.core.jobs.records import Job, JobPage, JobPlace, JobSegment


class Jobs(Protocol):
    """Jobs with their progress and answers, which are kept for a week."""

    def begin(self, job: Job, question: Any) -> None:
        """Record an open job with what it asks, a JSON value."""

    def get(self, job: str) -> Job | None:
        """The job, read consistently; None if there is none, or it is no longer kept."""

    def question(self, job: str) -> Any:
        """What the job asks; None if it is no longer kept."""

    def answer(self, job: str) -> Any:
        """The answer of a job that is done; None before that."""

    def open(self) -> list[Job]:
        """The jobs that have not ended, oldest first, read consistently."""

    def ended(self, count: int) -> list[Job]:
        """The latest jobs that have ended, newest first."""

    def segment(self, job: str, number: int) -> JobSegment:
        """The segment's progress, read consistently; one that has not begun is at its start."""

    def segments(self, job: str) -> list[JobSegment]:
        """The progress of all segments that have begun, in their order, read consistently."""

    def go_on(self, job: Job, segment: JobSegment, people: Sequence[str] = ()) -> JobSegment:
        """Record the segment's progress and the people whom its latest page found, unless more is recorded already.

        Returns what is recorded. Both are written or neither; raises Conflict if nothing could be recorded.
        """

    def found(self, job: str, start: JobPlace) -> Iterator[JobPage]:
        """The pages of people from this place on, in one order; pages without anybody are left out."""

    def close(self, job: Job, answer: Any = None) -> None:
        """Record the end of the job, with its answer if it is done; the first end stays."""

    def reopen(self, job: Job) -> None:
        """Record that a job which had ended is open again; what it has counted so far stays."""

    def erase(self, keys: Iterable[str], at: int) -> None:
        """Remember who was erased, by their keys: no job that is asked for up to the instant may name them."""

    def erased(self, asked: int) -> set[str]:
        """The keys of those whom a job that was asked then may not name, read consistently."""

    def lease(self, number: int, of: int, now: int, until: int) -> bool:
        """Take a segment of the scan until the instant; False if somebody has it."""

    def release(self, number: int, of: int) -> None:
        """Give the segment back."""
