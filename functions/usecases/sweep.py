"""Evaluate everybody for all jobs that wait, segment by segment of one scan.

A message names a segment. Whoever has it takes the jobs that stand at the same place of that segment together: each
page is read once, and so are the events of a person, whatever number of jobs needs them. A job that is asked for in the
meantime has its turn after that, from the beginning of the segment. The progress of a job is stored page by page:
whoever goes on where another invocation died counts nobody twice, and two messages of one segment do not work on it at
a time, by a lease.
"""

from collections.abc import Callable
from dataclasses import dataclass

from functions.core.base.errors import as_ours, is_outage
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.jobs import SweepSegment
from functions.core.jobs.records import Job, JobSegment
from functions.usecases.context import Context
from functions.usecases.job_answers import ANSWERS
from functions.usecases.questions import PAGE, TALLIES, Question, from_stored
from functions.usecases.scan import Page, Standing, following, read, standing

# Longer than an invocation lives (seconds), and how long a message of a segment that somebody has waits for it.
LEASE = 330
PUT_OFF = 20
# How often a message is tried (functions/topology.py); then it is a dead letter.
ATTEMPTS = 5
# The metric of jobs that failed.
FAILED = "JobsFailed"


@dataclass(slots=True)
class WaitingJob:
    """A job with its question and its progress in the segment that is being read."""

    job: Job
    question: Question
    segment: JobSegment

    @property
    def standing(self) -> Standing:
        """Where it goes on."""
        return standing(self.question.reads, self.segment.place)


def sweep(contexts: Callable[[], Context], task: SweepSegment, late: Callable[[], bool]) -> int:
    """Evaluate the segment for every job that waits for it until none does or ``late()``, then queue the rest.

    Returns how many profiles were read.
    """
    context = contexts()
    if not _unfinished(context, task):
        return 0
    if not context.ports.jobs.lease(task.number, task.of, context.now, context.now + LEASE):
        context.ports.queues.send([Dispatch(task, PUT_OFF)])
        return 0
    people = 0
    try:
        while waiting := _together(context, task):
            people += _pass(contexts, task, waiting, late)
            if late():
                break
            context = contexts()
    finally:
        context.ports.jobs.release(task.number, task.of)
    if waiting:
        context.ports.queues.send([Dispatch(task)])
    return people


def bury(context: Context, task: SweepSegment, error: BaseException | None) -> None:
    """Fail the jobs that wait for a segment whose message becomes a dead letter."""
    why = type(error).__name__ if error else "it was reported as failed"
    for job, _ in _unfinished(context, task):
        _fail(context, job, f"segment {task.number + 1} of {task.of} failed {ATTEMPTS} times: {why}")


def _unfinished(context: Context, task: SweepSegment) -> list[tuple[Job, JobSegment]]:
    """The open jobs that lack something of this segment, oldest first, with how far each is.

    If there is none, jobs that lack nothing at all are ended: whoever did their last page may have died then.
    """
    jobs = [job for job in context.ports.jobs.open() if job.of == task.of and job.kind in TALLIES]
    segments = [(job, context.ports.jobs.segment(job.id, task.number)) for job in jobs]
    unfinished = [(job, segment) for job, segment in segments if not segment.finished]
    for job in () if unfinished else jobs:
        _finish(context, job)
    return unfinished


def _together(context: Context, task: SweepSegment) -> list[WaitingJob]:
    """The jobs that stand at one place of the segment: where the oldest is."""
    waiting = [
        WaitingJob(job, from_stored(job.kind, job.at, context.ports.jobs.question(job.id)), segment)
        for job, segment in _unfinished(context, task)
    ]
    return [each for each in waiting if each.standing == waiting[0].standing]


def _pass(
    contexts: Callable[[], Context], task: SweepSegment, waiting: list[WaitingJob], late: Callable[[], bool]
) -> int:
    """Read the segment on from where these jobs stand; return how many profiles were read."""
    people, at = 0, waiting[0].standing
    while waiting:
        context = contexts()
        page, place = read(context, at, PAGE, task.number, task.of)
        waiting = [each for each in waiting if _count(context, each, page, place)]
        people += len(page.profiles)
        at = at._replace(place=place)
        if late():
            break
    return people


def _count(context: Context, waiting: WaitingJob, page: Page, place: str | None) -> bool:
    """Count what is on the page for a job and store it; True if it goes on at ``place``, on the page after it.

    It does not if somebody else is further, and what fails for no outage fails this job alone.
    """
    goes_on_at = following(waiting.question.reads, waiting.standing, place)
    tally = waiting.question.tally()
    try:
        if waiting.segment.tally is not None:
            tally.plus(waiting.segment.tally)
        people = waiting.question.count(page, tally)
        segment = waiting.segment.after(len(page.profiles), goes_on_at, context.now, tally.stored())
        waiting.segment = context.ports.jobs.go_on(waiting.job, segment, people)
    except Exception as error:
        if is_outage(error):
            raise
        _fail(context, waiting.job, f"a fault that trying again does not mend: {as_ours(error)}")
        return False
    if waiting.segment.finished:
        _finish(context, waiting.job)
    return waiting.segment.pages == segment.pages and place is not None


def _finish(context: Context, job: Job) -> None:
    """End the job if all its segments are finished."""
    segments = context.ports.jobs.segments(job.id)
    if sum(each.finished for each in segments) < job.of:
        return
    question = from_stored(job.kind, job.at, context.ports.jobs.question(job.id))
    tally = question.tally()
    for each in segments:
        tally.plus(each.tally)
    context.ports.jobs.close(job.close("done", context.now), ANSWERS[job.kind](context, question, tally))


def _fail(context: Context, job: Job, fault: str) -> None:
    context.counts[FAILED] += 1
    context.ports.jobs.close(job.close("failed", context.now, fault))
