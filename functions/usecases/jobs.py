"""Jobs: what is asked about more people than a request may evaluate is written down, and answered by a scan.

The scan has segments, which are read side by side, each by a message of its own (``sweep.py``).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import uuid4

from functions.core.base.errors import Fault, Malformed, NotFound, Oversize, RowTooLarge, TooMany
from functions.core.base.tasks import Dispatch, Task
from functions.core.base.tasks.jobs import SweepSegment
from functions.core.jobs.records import Job
from functions.usecases.context import Context
from functions.usecases.questions import Question

# Jobs that may be open at a time, and how long (seconds) whoever asks for more is told to wait.
MOST_OPEN = 20
WAIT = 30
# A message is tried five times, half an hour apart: where nothing moves for longer, nothing will.
STALLED = 3 * 3_600


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
    job = plain(context, question.kind, about, context.settings.scan_segments)
    return replace(job, digest=question.digest(at=question.at if about.dated else None), at=question.at)


def plain(context: Context, kind: str, about: About, of: int) -> Job:
    """A job that asks for nothing but its kind, not stored yet; its id begins with the time."""
    return Job(
        id=f"{context.now:010d}{uuid4().hex[:12]}",
        kind=kind,
        subject=about.subject,
        digest=kind,
        author=about.author,
        asked=context.now,
        at=context.now,
        of=of,
        about=context.ports.people.count(),
        definition=about.definition,
        version=about.version,
    )


def request(context: Context, question: Question, about: About) -> Job:
    """The job that answers the question: a new one, or the one that is answering the same already.

    Raises TooMany if as many are open as may be, and Oversize for a question that has no room in a row.
    """
    return begin(context, new(context, question, about), question.stored(), _sweep)


def _sweep(job: Job) -> list[Task]:
    return [SweepSegment(number, job.of) for number in range(job.of)]


def begin(context: Context, job: Job, question: Any, tasks: Callable[[Job], Sequence[Task]]) -> Job:
    """Store the job and queue its tasks, unless one that asks the same is open; return the one that is open then.

    Raises TooMany or Oversize.
    """
    waiting = open_jobs(context)
    same = next((each for each in waiting if each.digest == job.digest), None)
    if same is None and len(waiting) >= MOST_OPEN:
        raise TooMany(WAIT, f"{MOST_OPEN} jobs are open already; wait for one or cancel one, or")
    if same is None:
        _store(context, job, question)
    if same is None or not context.ports.jobs.segments(same.id):
        # The request that asked for it may have died before it had queued anything.
        context.ports.queues.send(list(map(Dispatch, tasks(same or job))))
    return same or job


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
    if job is None:
        raise NotFound(Fault("there is no such job; jobs are kept for a week", "id"))
    if job.state == "open" and _give_up(context, job):
        return get(context, job_id)
    return job


def answer_of(context: Context, job_id: str, kind: str) -> Any:
    """The answer of a job of this kind whose place a page has named; raises Malformed unless it is done and kept."""
    job = context.ports.jobs.get(job_id)
    if job is None or (job.kind, job.state) != (kind, "done"):
        raise not_a_place()
    return context.ports.jobs.answer(job_id)


def not_a_place() -> Malformed:
    """The error for a place that no page has named, or whose job is no longer kept."""
    return Malformed(Fault("not a place that a page named within the last days; begin at the first page", "next"))


def cancel(context: Context, job_id: str) -> Job:
    """End an open job without an answer; one that has ended stays as it is. Raises NotFound."""
    job = get(context, job_id)
    if job.state == "open":
        context.ports.jobs.close(job.close("cancelled", context.now))
    return get(context, job_id)


def _give_up(context: Context, job: Job) -> bool:
    """Fail the job if it has not moved for long: its messages are dead letters; True if so."""
    if context.now - job.asked < STALLED:
        return False
    moved = max((each.moved for each in context.ports.jobs.segments(job.id)), default=job.asked)
    if context.now - moved < STALLED:
        return False
    fault = "nothing of it has moved for three hours: look at the alarms of the function jobs, then ask again"
    context.ports.jobs.close(job.close("failed", context.now, fault))
    return True
