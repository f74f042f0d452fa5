"""What becomes of the counts of a job: the answer that the request would have given."""

from collections.abc import Callable, Mapping
from typing import Any

from functions.usecases.impact import impact_of
from functions.usecases.impact_together import impacts_of
from functions.usecases.list_segments import counted_views
from functions.usecases.members import people_view
from functions.usecases.preview import preview_view
from functions.usecases.questions import Question

# By kind: the answer from the question and its tally.
ANSWERS: Mapping[str, Callable[[Question, Any], dict[str, Any]]] = {
    "members": lambda _, tally: people_view(tally),
    "export": lambda _, tally: people_view(tally),
    "preview": preview_view,
    "impact": impact_of,
    "impact-together": impacts_of,
    "counts": lambda question, tally: {"segments": counted_views(question.told["segments"], tally)},
}
