"""Jobs: what is asked about more people than a request may evaluate."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import Field

from functions.handlers.models.base import NEXT, NEXT_QUERY, Answer, Instant, Parameters, WholeUpTo, left_out

if TYPE_CHECKING:
    from functions.core.jobs import records

MOST_JOBS = 100
# People of a page of an export.
MOST_ROWS = 1_000
# API Gateway waits for an answer for 30 seconds.
LONGEST_WAIT = 25

A = TypeVar("A", bound=Answer)
State = Literal["queued", "running", "done", "failed", "cancelled"]


class JobsQuery(Parameters):
    """How many jobs to list."""

    limit: Annotated[int, WholeUpTo(MOST_JOBS)] = Field(20, description="how many")


class JobQuery(Parameters):
    """How long to wait for a job."""

    wait: Annotated[int, WholeUpTo(LONGEST_WAIT, 0)] = Field(0, description="seconds to wait for its end at most")


class Accepted(Answer):
    """A job answers it: ask for it at /api/jobs/{id}."""

    job: str = Field(description="the job's id")


class SegmentsDone(Answer):
    """The parts of a scan of everybody, which are read side by side."""

    done: int = Field(ge=0)
    of: int = Field(ge=1)


class PeopleSeen(Answer):
    """How many people were evaluated, of about how many."""

    seen: int = Field(ge=0)
    about: int = Field(
        ge=0, description="as counted at most some hours before the job was asked for; 0 if it reads flow runs alone"
    )


class JobProgress(Answer):
    """How far a job is."""

    segments: SegmentsDone
    people: PeopleSeen


class ListedJob(Answer):
    """A job without its result."""

    id: str
    kind: str = Field(
        description="members, export, preview, counts, impact, flow-impact, impact-together, impact-with-runs, rebuild "
        "or backfill"
    )
    subject: str = Field(description="what it is about, in words")
    state: State
    author: str = Field(description="whose token asked for it; empty for a backfill")
    asked: Instant
    at: Instant | None = Field(description="the instant for which it answers")
    ended: Instant | None
    fault: str | None = Field(description="why it failed, in words")
    progress: JobProgress = left_out("left out of a list for jobs that have ended")


class Jobs(Answer):
    """The open jobs, then those that have ended, newest first."""

    jobs: list[ListedJob]


class Job(ListedJob):
    """A job with its result."""

    note: str = left_out("if what it is about was edited since it was asked for")
    result: dict[str, Any] = left_out(
        "what the request would have answered, once the job is done; of members the first page"
    )


class ExportQuery(Parameters):
    """Which page of an export."""

    limit: Annotated[int, WholeUpTo(MOST_ROWS)] = Field(MOST_ROWS, description="at most so many people")
    next: str | None = NEXT_QUERY


class ExportPage(Answer):
    """Rows of people as they are to stand in the file, one after the other, each with the end of its line."""

    head: str = Field(description="what stands before the first row: the names of the columns of CSV")
    rows: list[str]
    people: list[str] = Field(
        description="whose each row is; two people who have become one since may be found on two pages, by one id"
    )
    next: str | None = NEXT


def accepted(answered: "Mapping[str, Any] | records.Job", model: type[A]) -> A | Accepted:
    """The answer, or that a job gives it."""
    if isinstance(answered, Mapping):
        return model.model_validate(answered)
    return Accepted(job=answered.id)
