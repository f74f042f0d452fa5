"""Jobs in DynamoDB; their rows are ``rows/{jobs,job_values,job_segments,job_people,job_erasures,job_leases}.py``'s."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import job_erasures, job_leases, job_people, job_segments, job_values, jobs
from functions.core.base.errors import Conflict
from functions.core.jobs.records import Job, JobPage, JobPlace, JobSegment


class DynamoJobs:
    """Jobs with their progress and answers."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def begin(self, job: Job, question: Any) -> None:
        """Record the question, then the open job, so that whoever finds the job finds what it asks."""
        self._put_value(job, job_values.QUESTION, question)
        self._calls.write(puts=[(jobs.TABLE, jobs.to_item(job))])

    def get(self, job: str) -> Job | None:
        """The job; as it ended, if it has: its open row is deleted after that."""
        keys = [jobs.key(job, is_open=is_open) for is_open in (False, True)]
        found = [jobs.from_item(item) for item in self._calls.read({jobs.TABLE: keys}, fresh=True)[jobs.TABLE]]
        return min(found, key=lambda each: each.state == "open", default=None)

    def question(self, job: str) -> Any:
        """What the job asks; None if it is no longer kept."""
        return self._value(job, job_values.QUESTION)

    def answer(self, job: str) -> Any:
        """The answer of a job that is done; None before that."""
        return self._value(job, job_values.ANSWER)

    def open(self) -> list[Job]:
        """The jobs that have not ended, oldest first."""
        rows = self._calls.query(jobs.TABLE, jobs.ALL, jobs.all_of(are_open=True))
        return list(map(jobs.from_item, rows))

    def ended(self, count: int) -> list[Job]:
        """The latest jobs that have ended, newest first."""
        how: Any = {"ScanIndexForward": False, "Limit": count}
        rows = self._calls.query(jobs.TABLE, jobs.ALL, jobs.all_of(are_open=False), **how)
        return list(map(jobs.from_item, islice(rows, count)))

    def segment(self, job: str, number: int) -> JobSegment:
        """The segment's progress; one that has not begun is at its start."""
        item = self._calls.get(job_segments.TABLE, job_segments.key(job, number))
        return job_segments.from_item(item) if item else JobSegment(number)

    def segments(self, job: str) -> list[JobSegment]:
        """The progress of all segments that have begun, in their order."""
        rows = self._calls.query(job_segments.TABLE, job_segments.OF_JOB, job_segments.of_job(job))
        return list(map(job_segments.from_item, rows))

    def go_on(self, job: Job, segment: JobSegment, people: Sequence[str] = ()) -> JobSegment:
        """Record the progress and whom the page found in one transaction, unless more is recorded already.

        Raises Conflict if neither is recorded.
        """
        progress = (
            job_segments.TABLE,
            job_segments.to_item(job, segment),
            job_segments.BEHIND,
            job_segments.pages(segment),
        )
        page = JobPage(segment.number, segment.pages, people)
        found = [(job_people.TABLE, job_people.to_item(job, page), jobs.NEW, None)] if people else []
        if swallow(Conflict, lambda: self._write([progress, *found])):
            return segment
        stored = self.segment(job.id, segment.number)
        if stored.pages < segment.pages:
            # The transaction was cancelled for another reason than its conditions.
            raise Conflict(f"put {job_segments.TABLE}")
        return stored

    def found(self, job: str, start: JobPlace) -> Iterator[JobPage]:
        """The pages of people from this place on, in one order; pages without anybody are left out."""
        rows = self._calls.query(job_people.TABLE, job_people.FROM_PLACE, job_people.from_place(job, start))
        return map(job_people.from_item, rows)

    def close(self, job: Job, answer: Any = None) -> None:
        """Record the answer, then the end of the job if it has none yet, and delete its open row."""
        if job.state == "done":
            self._put_value(job, job_values.ANSWER, answer)
        swallow(Conflict, lambda: self._calls.put(jobs.TABLE, jobs.to_item(job), jobs.NEW))
        self._calls.write(deletes=[(jobs.TABLE, jobs.key(job.id, is_open=True))])

    def reopen(self, job: Job) -> None:
        """Record the job as open, then delete how it ended: in between it has ended still, and may be reopened."""
        self._calls.write(puts=[(jobs.TABLE, jobs.to_item(job))])
        self._calls.write(deletes=[(jobs.TABLE, jobs.key(job.id, is_open=False))])

    def erase(self, keys: Iterable[str], at: int) -> None:
        """Remember who was erased, by their keys."""
        self._calls.each(self._erase, sorted({job_erasures.JobErasure(key, at) for key in keys}))

    def erased(self, asked: int) -> set[str]:
        """The keys of those whom a job that was asked then may not name."""
        rows = self._calls.query(job_erasures.TABLE, job_erasures.SINCE, job_erasures.since(asked))
        return {job_erasures.from_item(row).key for row in rows}

    def lease(self, number: int, of: int, now: int, until: int) -> bool:
        """Take a segment of the scan until the instant; False if somebody has it."""
        item = job_leases.to_item(job_leases.JobLease(number, of, until))
        return swallow(Conflict, lambda: self._calls.put(job_leases.TABLE, item, job_leases.FREE, job_leases.at(now)))

    def release(self, number: int, of: int) -> None:
        """Give the segment back."""
        self._calls.write(deletes=[(job_leases.TABLE, job_leases.key(number, of))])

    def _erase(self, erasure: job_erasures.JobErasure) -> bool:
        item = job_erasures.to_item(erasure)
        return swallow(Conflict, lambda: self._calls.put(job_erasures.TABLE, item, jobs.NEW))

    def _put_value(self, job: Job, name: str, value: Any) -> None:
        item = job_values.to_item(job_values.JobValue(job.id, name, value), job.asked)
        self._calls.write(puts=[(job_values.TABLE, item)])

    def _value(self, job: str, name: str) -> Any:
        item = self._calls.get(job_values.TABLE, job_values.key(job, name))
        return job_values.from_item(item).value if item else None

    def _write(self, puts: list[Any]) -> None:
        if len(puts) == 1:
            self._calls.put(*puts[0])
        else:
            self._calls.put_together(puts)
