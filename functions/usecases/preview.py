"""Count the people for whom an unsaved condition would hold."""

from collections.abc import Mapping
from typing import Any

from functions.core.answers.views import fault_view
from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.jobs.records import Job
from functions.core.scores.link import nodes
from functions.core.segments.engine import limits
from functions.core.segments.language import parser
from functions.core.segments.language.describe import sentence
from functions.core.segments.operators import rfm
from functions.usecases import jobs, warn
from functions.usecases.context import Context
from functions.usecases.members import ASKED, unsaved_condition
from functions.usecases.questions import Node, Question, in_a_moment
from functions.usecases.tallies import PeopleTally


def preview(context: Context, when: str, at: int | None, author: str = "") -> dict[str, Any] | Job:
    """The count, a sample, a sentence and warnings, or the job that finds them.

    Raises DefinitionRefused with every fault and its place, or TooMany.
    """
    ruleset, days = context.ruleset, context.settings.log_retention_days
    node, faults = parser.read(when, ruleset.segments, days, ruleset.shop.groups)
    if faults:
        raise DefinitionRefused(*faults)
    conditions = unsaved_condition(node, ruleset)
    gaps = [Fault(message, "when") for message in rfm_gaps(conditions)]
    warnings = list(map(fault_view, [*warn.of_condition(context, node, when), *gaps]))
    told = {"sentence": sentence(node, ruleset.style), "warnings": warnings}
    question = Question("preview", context.now if at is None else at, [conditions], [ASKED], told)
    if moment := in_a_moment(context, question):
        return preview_view(question, moment.tally)
    return jobs.request(context, question, jobs.About("preview of a condition", author, dated=at is not None))


def preview_view(question: Question, tally: PeopleTally) -> dict[str, Any]:
    """The answer from what was counted."""
    bounded = [fault_view(Fault(message, "when")) for message in limits.limit_messages(tally.bounded)]
    return {
        "count": tally.count,
        "sample": tally.sample,
        "sentence": question.told["sentence"],
        "warnings": [*question.told["warnings"], *bounded],
    }


def rfm_gaps(conditions: Mapping[str, Node]) -> list[str]:
    """The reasons why RFM groups that the conditions use cannot be computed yet."""
    found = nodes(list(conditions.values()))
    return sorted({why for node in found if node["op"] == "rfm" and (why := rfm.unknown(node))})
