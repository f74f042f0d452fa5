"""Jobs: what is asked about more people than a request may evaluate is written down, and answered by a scan.

The scan has segments, which are read side by side, each by a message of its own (``sweep.py``).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import uuid4

from functions.core.base.errors import Fault, Malformed, NotFound, Oversize, RowTooLarge, TooMany
from functions.core.base.tasks import Dispatch, Task
from functions.core.base.tasks.jobs import SweepSegment
from functions.core.base.tasks.refolds import RebuildSegment
from functions.core.jobs.records import Job
from functions.usecases.context import Context
from functions.usecases.questions import Question
from functions.usecases.scan import PROFILES

# Jobs that may be open at a time, and how long (seconds) whoever asks for more is told to wait.
MOST_OPEN = 20
WAIT = 30
# A message is tried five times, half an hour apart: where nothing moves for longer, nothing will.
STALLED = 3 * 3_600
# The kind of job that goes through the log instead of the profiles.
REBUILD = "rebuild"


class About(NamedTuple):
    """What a job is about, in words, who asks, and the definition and version that it is answered for.

    ``dated`` is True if an instant was asked for, and not just now.
    """

    subject: str
    author: str
    definition: str = ""
    version: int = 0
    dated: bool = False


def new(context: Context, question: Question, about: About) -> Job:
    """The job that answers the question, not stored yet."""
    people = context.ports.people.count() if PROFILES in question.reads else 0
    job = _plain(context, question.kind, about, context.settings.scan_segments, people)
    return replace(job, digest=question.digest(at=question.at if about.dated else None), at=question.at)


def plain(context: Context, kind: str, about: About, of: int) -> Job:
    """A job that asks for nothing but its kind, not stored yet."""
    return _plain(context, kind, about, of, context.ports.people.count())


def _plain(context: Context, kind: str, about: About, of: int, people: int) -> Job:
    """The same about so many people; its id begins with the time."""
    return Job(
        id=f"{context.now:010d}{uuid4().hex[:12]}",
        kind=kind,
        subject=about.subject,
        digest=kind,
        author=about.author,
        asked=context.now,
        at=context.now,
        of=of,
        about=people,
        definition=about.definition,
        version=about.version,
    )


def request(context: Context, question: Question, about: About) -> Job:
    """The job that answers the question: a new one, or the one that is answering the same already.

    Raises TooMany if as many are open as may be, and Oversize for a question that has no room in a row.
    """
    return begin(context, new(context, question, about), question.stored())


def begin(context: Context, job: Job, question: Any) -> Job:
    """Store the job and queue its tasks, unless one that asks the same is open; return the one that is open then.

    Raises TooMany or Oversize.
    """
    waiting = open_jobs(context)
    same = next((each for each in waiting if each.digest == job.digest), None)
    if same is None:
        _room(waiting)
        _store(context, job, question)
    if same is None or not context.ports.jobs.segments(same.id):
        # The request that asked for it may have died before it had queued anything.
        _queue(context, same or job)
    return same or job


def _queue(context: Context, job: Job) -> None:
    """Queue a task for each segment; one of a segment that is finished ends at once."""
    tasks: list[Task] = [
        RebuildSegment(job.id, number) if job.kind == REBUILD else SweepSegment(number, job.of)
        for number in range(job.of)
    ]
    context.ports.queues.send(list(map(Dispatch, tasks)))


def retry(context: Context, job_id: str) -> Job:
    """Take a failed job up again where each of its segments was; one that is open is queued again.

    It answers for the instant and the definitions it was asked for. Raises NotFound, TooMany, or Malformed for a job
    that has not failed.
    """
    _no_backfill(job_id)
    job = get(context, job_id)
    if job.state not in ("failed", "open"):
        raise Malformed(Fault(f"the job is {job.state}; only one that has failed is tried again", "id"))
    if job.state == "failed":
        _room(open_jobs(context))
        job = job.reopen(context.now)
        context.ports.jobs.reopen(job)
    _queue(context, job)
    return job


def _room(waiting: Sequence[Job]) -> None:
    if len(waiting) >= MOST_OPEN:
        raise TooMany(WAIT, f"{MOST_OPEN} jobs are open already; wait for one or cancel one, or")


def _store(context: Context, job: Job, question: Any) -> None:
    try:
        context.ports.jobs.begin(job, question)
    except RowTooLarge:
        raise Oversize(Fault("the conditions are too large for a job", "body")) from None


def open_jobs(context: Context) -> list[Job]:
    """The jobs that have not ended, oldest first; those that move no more are given up."""
    stalled = {job.id for job in context.ports.jobs.open() if _give_up(context, job)}
    return [job for job in context.ports.jobs.open() if job.id not in stalled]


def get(context: Context, job_id: str) -> Job:
    """The job; raises NotFound."""
    job = context.ports.jobs.get(job_id)
    if job is None or not job.is_kept(context.now):
        raise NotFound(Fault("there is no such job; jobs are kept for a week", "id"))
    if job.state == "open" and _give_up(context, job):
        return get(context, job_id)
    return job


def answered(context: Context, job_id: str, *kinds: str) -> tuple[Job, Any]:
    """A job of one of these kinds whose place a page has named, and its answer.

    Raises Malformed unless it is done and kept.
    """
    job = context.ports.jobs.get(job_id)
    if job is None or job.kind not in kinds or job.state != "done" or not job.is_kept(context.now):
        raise not_a_place()
    return job, context.ports.jobs.answer(job_id)


def not_a_place() -> Malformed:
    """The error for a place that no page has named, or whose job is no longer kept."""
    return Malformed(Fault("not a place that a page named within the last days; begin at the first page", "next"))


def cancel(context: Context, job_id: str) -> Job:
    """End an open job without an answer; one that has ended stays as it is. Raises NotFound or Malformed."""
    _no_backfill(job_id)
    job = get(context, job_id)
    if job.state == "open":
        context.ports.jobs.close(job.close("cancelled", context.now))
    return get(context, job_id)


def _no_backfill(job_id: str) -> None:
    if job_id.startswith("backfill-"):
        raise Malformed(Fault("a backfill follows a publication; publish again to replace it", "id"))


def _give_up(context: Context, job: Job) -> bool:
    """Fail the job if it has not moved for long: its messages are dead letters; True if so."""
    begun = max(job.asked, job.retried or 0)
    if context.now - begun < STALLED:
        return False
    moved = max((each.moved for each in context.ports.jobs.segments(job.id)), default=begun)
    if context.now - moved < STALLED:
        return False
    worker = "refold" if job.kind == REBUILD else "jobs"
    fault = f"nothing of it has moved for three hours: look at the alarms of the function {worker}, then retry it"
    context.ports.jobs.close(job.close("failed", context.now, fault))
    return True
