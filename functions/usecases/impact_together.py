"""Predict what publishing several texts together would change."""

from typing import Any

from functions.core.answers.views import warnings_view
from functions.usecases.context import Context
from functions.usecases.draft import compiled
from functions.usecases.flow_impact import flow_view
from functions.usecases.impact import impact_view
from functions.usecases.moves import moved, moves
from functions.usecases.publish_together import Texts, compare

Views = list[dict[str, Any]]


def impact_together(context: Context, texts: Texts, *, send_backfilled: bool = False) -> dict[str, Views]:
    """Weigh the texts as if all of them were current; nothing is stored.

    Told are the segments among them, every other segment that they would change by what it refers to (segments, scores,
    named events, rates), and the flows among them. Raises DefinitionRefused with every fault of every text.
    """
    comparison = compare(context, texts)
    after = compiled(context, comparison.definitions.values())
    warnings = {(each.kind, each.id): warnings_view(each.warnings) for each in comparison.changes}
    names = moved(context.ruleset, after) | {name for kind, name in texts if kind == "segments"}
    segments = [
        {"id": name}
        | impact_view(name, counted, after.flows.values(), send_backfilled=send_backfilled)
        | warnings.get(("segments", name), {})
        for name, counted in moves(context, context.ruleset, after, names).items()
    ]
    flows = [
        {"id": name} | flow_view(context, name, comparison.definitions[kind, name].body) | warnings[kind, name]
        for kind, name in sorted(texts)
        if kind == "flows"
    ]
    return {"segments": segments, "flows": flows}
