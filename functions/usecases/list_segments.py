"""List the segments: what each means, and how many people are in it."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from functions.core.answers import pages
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
    return page(_views(context), start)


def counted(context: Context, start: str | None = None, author: str = "") -> View | Job:
    """The same with how many people are in each now, or the job that counts them; raises TooMany or Malformed.

    A page of what a job counted is of that job.
    """
    job, _, name = (start or "").rpartition(".")
    if job:
        return page(jobs.answered(context, job, "counts")[1]["segments"], name, job)
    ruleset, views = context.ruleset, _views(context)
    conditions = {each: body["when"] for each, body in ruleset.segments.items()}
    question = Question("counts", context.now, [conditions], [], {"segments": views})
    if moment := in_a_moment(context, question):
        return page(counted_views(views, moment.tally), start)
    return jobs.request(context, question, jobs.About("counts of all segments", author, version=ruleset.revision))


def counted_views(views: Iterable[View], tally: SegmentsTally) -> list[View]:
    """The segments with how many people are in each, and what that may leave out."""
    return [each | {"count": tally.people[each["id"]]} | bounded_view(tally.bounded[each["id"]]) for each in views]


def page(views: Iterable[View], start: str | None, job: str = "") -> View:
    """A page of the segments after the id ``start``; its place names the job that has the others."""
    found = pages.by_id(views, start)
    return {"segments": found.items, "next": f"{job}.{found.next}" if job and found.next else found.next}


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
