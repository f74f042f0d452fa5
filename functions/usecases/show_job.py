"""Show jobs: how far they are, and what they answer."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.core.answers.views import instant
from functions.core.jobs.records import Job, JobSegment
from functions.usecases import backfill_jobs, found_people, impact_together, jobs, list_segments
from functions.usecases.context import Context
from functions.usecases.erased_people import ErasedPeople

# Seconds between two looks at a job that somebody waits for.
LOOK = 1
OPEN = ("queued", "running")
# The most backfills among the jobs, which are read lane by lane.
BACKFILLS = 50


def listing(context: Context, limit: int) -> dict[str, Any]:
    """The open jobs, and the latest that have ended, newest first, without their answers; backfills are among them."""
    waiting = [view(context, job) for job in jobs.open_jobs(context)]
    ended = [_ended(job) for job in context.ports.jobs.ended(limit) if job.is_kept(context.now)]
    views = [*waiting, *ended, *backfill_jobs.listing(context, min(limit, BACKFILLS))]
    newest_first = sorted(views, key=lambda each: each["asked"], reverse=True)
    return {"jobs": sorted(newest_first, key=lambda each: each["state"] not in OPEN)[:limit]}


def show(context: Context, job_id: str, wait: int, pause: Callable[[int], None]) -> dict[str, Any]:
    """The job with its answer, as soon as it has ended, or ``wait`` seconds later; raises NotFound."""
    if backfill := backfill_jobs.show(context, job_id, BACKFILLS):
        return backfill
    for _ in range(wait // LOOK):
        if jobs.get(context, job_id).state != "open":
            break
        pause(LOOK)
    job = jobs.get(context, job_id)
    result = {"result": _result(context, job)} if job.state == "done" else {}
    return view(context, job) | _note(context, job) | result


def view(context: Context, job: Job) -> dict[str, Any]:
    """The job with its progress."""
    segments = context.ports.jobs.segments(job.id)
    begun = "running" if segments else "queued"
    return _ended(job) | {
        "state": begun if job.state == "open" else job.state,
        "progress": _progress(job, segments),
    }


def _ended(job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "kind": job.kind,
        "subject": job.subject,
        "state": job.state,
        "author": job.author,
        "asked": instant(job.asked),
        "at": instant(job.at),
        "ended": instant(job.ended),
        "fault": job.fault or None,
    }


def _progress(job: Job, segments: list[JobSegment]) -> dict[str, Any]:
    seen = sum(each.seen for each in segments)
    done = job.of if job.state == "done" else sum(each.finished for each in segments)
    about = seen if job.state == "done" else max(seen, job.about)
    return {"segments": {"done": done, "of": job.of}, "people": {"seen": seen, "about": about}}


def _note(context: Context, job: Job) -> dict[str, Any]:
    """That what the job is about was edited since, if it was."""
    definitions = context.ports.definitions
    kind, _, name = job.definition.partition("/")
    current = definitions.latest(kind, name) if name else definitions.revision() if job.version else 0
    if current == job.version:
        return {}
    what = f"{job.definition} has" if name else "definitions have"
    answered = f"version {job.version}" if name else f"revision {job.version}"
    return {"note": f"{what} been edited since the job was asked for; it answers for {answered}"}


def _members(context: Context, job: Job) -> dict[str, Any]:
    limit = (context.ports.jobs.question(job.id) or {"told": {"limit": found_people.TOGETHER}})["told"]["limit"]
    return found_people.first_page(context, job, context.ports.jobs.answer(job.id), limit)


def _export(context: Context, job: Job) -> dict[str, Any]:
    return {**context.ports.jobs.answer(job.id), "pages": f"/api/jobs/{job.id}/export"}


def _counts(context: Context, job: Job) -> dict[str, Any]:
    return list_segments.page(context.ports.jobs.answer(job.id)["segments"], None, job.id)


def _impacts(context: Context, job: Job) -> dict[str, Any]:
    return impact_together.job_page(context, job, context.ports.jobs.answer(job.id), None)


def _result(context: Context, job: Job) -> dict[str, Any]:
    """What the request would have answered, its first page where there are several."""
    make = _RESULTS.get(job.kind)
    return make(context, job) if make else ErasedPeople(context, job).answer(context.ports.jobs.answer(job.id))


_RESULTS: Mapping[str, Callable[[Context, Job], dict[str, Any]]] = {
    "members": _members,
    "export": _export,
    "counts": _counts,
    **dict.fromkeys(impact_together.KINDS, _impacts),
}
