"""Count the people for whom an unsaved condition would hold."""

from typing import Any

from functions.core.answers.views import fault_view
from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.scores.link import nodes
from functions.core.segments.engine import limits
from functions.core.segments.language import parser
from functions.core.segments.language.describe import sentence
from functions.core.segments.operators import rfm
from functions.usecases import warn
from functions.usecases.context import Context
from functions.usecases.members import MembershipQuery, members, unsaved_query

SAMPLE = 20


def preview(context: Context, when: str, at: int) -> dict[str, Any]:
    """The count, a sample, a sentence and warnings; raises DefinitionRefused with every fault and its place."""
    ruleset, days = context.ruleset, context.settings.log_retention_days
    node, faults = parser.read(when, ruleset.segments, days, ruleset.shop.groups)
    if faults:
        raise DefinitionRefused(*faults)
    query = unsaved_query(node, ruleset)
    profiles, bounded = members(context, query, at)
    warnings = [
        *warn.of_condition(context, node, when),
        *(Fault(message, "when") for message in (*rfm_gaps(query), *limits.limit_messages(bounded))),
    ]
    return {
        "count": len(profiles),
        "sample": profiles[:SAMPLE],
        "sentence": sentence(node, ruleset.style),
        "warnings": list(map(fault_view, warnings)),
    }


def rfm_gaps(query: MembershipQuery) -> list[str]:
    """The reasons why RFM groups that the condition uses, also through segments, cannot be computed yet."""
    conditions = [segment.node for segment in query.catalogue.segments.values()]
    return sorted({why for node in nodes(conditions) if node["op"] == "rfm" and (why := rfm.unknown(node))})
