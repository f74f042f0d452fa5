"""Predict what publishing several texts together would change."""

from typing import Any

from functions.core.answers import pages
from functions.core.answers.views import warnings_view
from functions.core.jobs.records import Job
from functions.usecases import jobs
from functions.usecases.context import Context
from functions.usecases.draft import compiled
from functions.usecases.erased_people import ErasedPeople
from functions.usecases.flow_impact import flow_views, outline
from functions.usecases.impact import impact_view, messages_of
from functions.usecases.moves import moved, question
from functions.usecases.publish_together import Texts, compare
from functions.usecases.questions import IMPACT_WITH_RUNS, Question, in_a_moment
from functions.usecases.run_tallies import ImpactTally
from functions.usecases.tallies import MovesTally

View = dict[str, Any]

# The kinds of its jobs; that without flow runs does not read them.
KINDS = ("impact-together", IMPACT_WITH_RUNS)


def impact_together(
    context: Context, texts: Texts, start: str | None = None, author: str = "", *, send_backfilled: bool = False
) -> View | Job:
    """Weigh the texts as if all of them were current; nothing is stored. The page begins after the kind/id ``start``.

    Told are the segments among them, every other segment that they would change by what it refers to (segments, scores,
    named events, rates), and the flows among them. Of many people it is the job that counts them, and a page of that is
    of the same job. Raises DefinitionRefused with every fault of every text, TooMany or Malformed.
    """
    job, _, place = (start or "").rpartition(".")
    if job:
        found, views = jobs.answered(context, job, *KINDS)
        return job_page(context, found, views, place)
    comparison = compare(context, texts)
    after = compiled(context, comparison.definitions.values())
    segments = moved(context.ruleset, after) | {name for kind, name in texts if kind == "segments"}
    flows = {name: outline(comparison.definitions[kind, name].body) for kind, name in texts if kind == "flows"}
    told = {
        "messages": {name: messages_of(name, after.flows.values()) for name in segments},
        "send": send_backfilled,
        "warnings": {f"{each.kind}/{each.id}": warnings_view(each.warnings) for each in comparison.changes},
        "flows": flows,
    }
    asked = question(KINDS[bool(flows)], (context.ruleset, after), segments, context.now, told)
    if moment := in_a_moment(context, asked):
        return page(impacts_of(context, asked, moment.tally), start)
    return jobs.request(context, asked, jobs.About(f"impact of {len(texts)} texts together", author))


def impacts_of(context: Context, asked: Question, tally: MovesTally | ImpactTally) -> View:
    """What becomes of each segment and flow, by kind/id, from what was counted."""
    told = asked.told
    segments = {
        f"segments/{name}": impact_view(tally.moves[name], told["messages"][name], send_backfilled=told["send"])
        for name in asked.names
    }
    # A job of the release before has the views of its flows in its question.
    flows = flow_views(context, asked, tally) if isinstance(tally, ImpactTally) else told["flows"]
    views = segments | {f"flows/{name}": view for name, view in flows.items()}
    return {
        address: {"id": address.partition("/")[2]} | view | told["warnings"].get(address, {})
        for address, view in views.items()
    }


def job_page(context: Context, job: Job, views: View, start: str | None) -> View:
    """A page of what a job found, without those who were erased since."""
    told = page(views, start, job.id)
    erased = ErasedPeople(context, job)
    return {**told, "segments": [erased.answer(each) for each in told["segments"]]}


def page(views: View, start: str | None, job: str = "") -> View:
    """A page of what becomes of each, after the kind/id ``start``; its place names the job that has the others."""
    items, following = pages.by_name(views, views.__getitem__, start)
    return {
        "segments": [each for address, each in items.items() if address.startswith("segments/")],
        "flows": [each for address, each in items.items() if address.startswith("flows/")],
        "next": f"{job}.{following}" if job and following else following,
    }
