"""List the segments: what each means, and how many people are in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from functions.core.answers import pages
from functions.core.base.errors import Fault, Malformed
from functions.core.definitions.records import Definition
from functions.core.definitions.registry import sentence
from functions.core.jobs.records import Job
from functions.core.scores.link import tier_segments
from functions.usecases import jobs
from functions.usecases.context import Context
from functions.usecases.members import bounded_view
from functions.usecases.questions import Question, in_a_moment
from functions.usecases.tallies import SegmentsTally

View = dict[str, Any]


def segments(context: Context, start: str | None = None) -> View:
    """A page of the segments in order of id, tiers of scores among them."""
    page = pages.by_id(_views(context), start)
    return {"segments": page.items, "next": page.next}


def counted(context: Context, start: str | None = None, author: str = "") -> View | Job:
    """The same with how many people are in each now, or the job that counts them; raises TooMany or Malformed.

    A page of what a job counted is of that job.
    """
    job, _, name = (start or "").rpartition(".")
    if job:
        return _page_of(context, job, name)
    ruleset, views = context.ruleset, _views(context)
    conditions = {each: body["when"] for each, body in ruleset.segments.items()}
    question = Question("counts", context.now, [conditions], [], {"segments": views})
    if moment := in_a_moment(context, question):
        page = pages.by_id(counted_views(views, moment.tally), start)
        return {"segments": page.items, "next": page.next}
    return jobs.request(context, question, jobs.About("counts of all segments", author, version=ruleset.revision))


def counted_views(views: Iterable[View], tally: SegmentsTally) -> list[View]:
    """The segments with how many people are in each, and what that may leave out."""
    return [each | {"count": tally.people[each["id"]]} | bounded_view(tally.bounded[each["id"]]) for each in views]


def _page_of(context: Context, job_id: str, start: str) -> View:
    answer = context.ports.jobs.answer(job_id)
    if answer is None or "segments" not in answer:
        raise Malformed(Fault("not a place that a page named within the last days; begin at the first page", "next"))
    page = pages.by_id(answer["segments"], start)
    return {"segments": page.items, "next": page.next and f"{job_id}.{page.next}"}


def _views(context: Context) -> list[View]:
    current = sorted(_segments(context.ports.definitions.current()), key=lambda each: each.id)
    return [
        {"id": each.id, "name": each.body.get("name") or each.id, "version": each.version}
        | sentence(each, context.ruleset.style)
        for each in current
    ]


def _segments(current: list[Definition]) -> Iterator[Definition]:
    for each in current:
        if each.kind == "segments":
            yield each
        for name, body in tier_segments(each.body).items() if each.kind == "scores" else ():
            yield replace(each, kind="segments", id=name, body=body)
