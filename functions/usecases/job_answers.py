"""What becomes of the counts of a job: the answer that the request would have given."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.usecases.context import Context
from functions.usecases.flow_impact import flow_impact_of
from functions.usecases.impact import impact_of
from functions.usecases.impact_together import impacts_of
from functions.usecases.list_segments import counted_views
from functions.usecases.members import people_view
from functions.usecases.preview import preview_view
from functions.usecases.questions import FLOW_IMPACT, IMPACT_WITH_RUNS, Question

# By kind: the answer from the question and its tally.
ANSWERS: Mapping[str, Callable[[Context, Question, Any], dict[str, Any]]] = {
    "members": lambda _context, _question, tally: people_view(tally),
    "export": lambda _context, _question, tally: people_view(tally),
    "preview": lambda _, question, tally: preview_view(question, tally),
    "impact": lambda _, question, tally: impact_of(question, tally),
    "impact-together": impacts_of,
    FLOW_IMPACT: flow_impact_of,
    IMPACT_WITH_RUNS: impacts_of,
    "counts": lambda _, question, tally: {"segments": counted_views(question.told["segments"], tally)},
}
