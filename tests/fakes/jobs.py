"""Jobs, with what they ask and answer."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from functions.adapters.packing import dumps, loads
from functions.core.jobs.records import Job, JobPage, JobPlace, JobSegment


class FakeJobs:
    """Jobs by id; values as the JSON that is stored of them."""

    def __init__(self) -> None:
        self.rows: dict[str, Job] = {}
        self.values: dict[tuple[str, str], str] = {}
        self.progress: dict[str, dict[int, JobSegment]] = defaultdict(dict)
        self.pages: dict[str, dict[tuple[int, int], JobPage]] = defaultdict(dict)
        self.gone: set[tuple[int, str]] = set()
        self.leases: dict[tuple[int, int], int] = {}

    def begin(self, job: Job, question: Any) -> None:
        self.values[job.id, "question"] = dumps(question)
        self.rows[job.id] = job

    def get(self, job: str) -> Job | None:
        return self.rows.get(job)

    def question(self, job: str) -> Any:
        return loads(self.values.get((job, "question"), "null"))

    def answer(self, job: str) -> Any:
        return loads(self.values.get((job, "answer"), "null"))

    def open(self) -> list[Job]:
        return [job for _, job in sorted(self.rows.items()) if job.state == "open"]

    def ended(self, count: int) -> list[Job]:
        return [job for _, job in sorted(self.rows.items(), reverse=True) if job.state != "open"][:count]

    def segment(self, job: str, number: int) -> JobSegment:
        return self.progress[job].get(number, JobSegment(number))

    def segments(self, job: str) -> list[JobSegment]:
        return [segment for _, segment in sorted(self.progress[job].items())]

    def go_on(self, job: Job, segment: JobSegment, people: Sequence[str] = ()) -> JobSegment:
        if self.segment(job.id, segment.number).pages < segment.pages:
            self.progress[job.id][segment.number] = replace(segment, tally=loads(dumps(segment.tally)))
            if people:
                page = JobPage(segment.number, segment.pages, list(people))
                self.pages[job.id][page.segment, page.page] = page
        return self.segment(job.id, segment.number)

    def found(self, job: str, start: JobPlace) -> Iterator[JobPage]:
        return iter([page for place, page in sorted(self.pages[job].items()) if place >= start[:2]])

    def close(self, job: Job, answer: Any = None) -> None:
        if job.state == "done":
            self.values[job.id, "answer"] = dumps(answer)
        if job.id not in self.rows or self.rows[job.id].state == "open":
            self.rows[job.id] = job

    def reopen(self, job: Job) -> None:
        self.rows[job.id] = job

    def erase(self, keys: Iterable[str], at: int) -> None:
        self.gone |= {(at, key) for key in keys}

    def erased(self, asked: int) -> set[str]:
        return {key for at, key in self.gone if at >= asked}

    def lease(self, number: int, of: int, now: int, until: int) -> bool:
        if self.leases.get((number, of), now) > now:
            return False
        self.leases[number, of] = until
        return True

    def release(self, number: int, of: int) -> None:
        self.leases.pop((number, of), None)
