"""The people whom a job found, page by page, as they were written down: nobody is evaluated again."""

import re
from collections.abc import Sequence
from typing import Any

from functions.core.base.chunks import chunks
from functions.core.jobs.records import Job, JobPlace, JobSegment
from functions.usecases import jobs
from functions.usecases.context import Context
from functions.usecases.erased_people import ErasedPeople

# Ids in one row.
TOGETHER = 1_000
_PLACE = re.compile(r"([0-9a-z]{1,40})\.(\d{1,4})\.(\d{1,8})\.(\d{1,6})", re.ASCII)


def keep(context: Context, job: Job, counts: dict[str, Any], people: Sequence[str], limit: int) -> dict[str, Any]:
    """Write down whom a request found itself, as the answer of a job that is done; return the first page."""
    segment = JobSegment(0)
    for part in chunks(people, TOGETHER):
        segment = segment.after(len(part), "more", context.now, None)
        context.ports.jobs.go_on(job, segment, part)
    context.ports.jobs.close(job.close("done", context.now), counts)
    return first_page(context, job, counts, limit)


def first_page(context: Context, job: Job, counts: dict[str, Any], limit: int) -> dict[str, Any]:
    """The first people whom the job found, with its counts, and the place of the next page.

    Whoever was erased since is passed over, so that a page may hold fewer than ``limit``.
    """
    return counts | _people(context, job, JobPlace(), limit)


def page(context: Context, start: str, limit: int) -> dict[str, Any]:
    """The people from a place on that a page named; raises Malformed for another, or once they are no longer kept."""
    job, answer = jobs.answered(context, start.partition(".")[0], "members")
    return {**answer, **_people(context, job, place(job, start), limit)}


def place(job: Job, start: str) -> JobPlace:
    """The place that a page of the job has named; raises Malformed for another."""
    match = _PLACE.fullmatch(start)
    if match is None or match[1] != job.id:
        raise jobs.not_a_place()
    return JobPlace(int(match[2]), int(match[3]), int(match[4]))


def written(job: Job, following: JobPlace | None) -> str | None:
    """A place as pages name it; None at the end."""
    return f"{job.id}.{'.'.join(map(str, following))}" if following else None


def _people(context: Context, job: Job, start: JobPlace, limit: int) -> dict[str, Any]:
    people, following = found(context, job.id, start, limit)
    here = ErasedPeople(context, job).without(people)
    return {"members": here, "next": written(job, following)}


def found(context: Context, job: str, start: JobPlace, limit: int) -> tuple[list[str], JobPlace | None]:
    """The first people whom the job found from a place on, and where it goes on; None at the end."""
    people, following = list[str](), None
    for each in context.ports.jobs.found(job, start):
        skipped = start.skipped if each[:2] == start[:2] else 0
        taken = each.people[skipped : skipped + limit - len(people)]
        people += taken
        if skipped + len(taken) < len(each.people):
            following = JobPlace(each.segment, each.page, skipped + len(taken))
            break
    return people, following
