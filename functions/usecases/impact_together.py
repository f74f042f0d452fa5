"""Predict what publishing several texts together would change."""

from typing import Any

from functions.core.answers import pages
from functions.core.answers.views import warnings_view
from functions.usecases.context import Context
from functions.usecases.draft import compiled
from functions.usecases.flow_impact import flow_view
from functions.usecases.impact import impact_view
from functions.usecases.moves import moved, moves
from functions.usecases.publish_together import Texts, compare


def impact_together(
    context: Context, texts: Texts, start: str | None = None, *, send_backfilled: bool = False
) -> dict[str, Any]:
    """Weigh the texts as if all of them were current; nothing is stored. The page begins after the kind/id ``start``.

    Told are the segments among them, every other segment that they would change by what it refers to (segments, scores,
    named events, rates), and the flows among them. Raises DefinitionRefused with every fault of every text.
    """
    comparison = compare(context, texts)
    after = compiled(context, comparison.definitions.values())
    warnings = {(each.kind, each.id): warnings_view(each.warnings) for each in comparison.changes}
    segments = moved(context.ruleset, after) | {name for kind, name in texts if kind == "segments"}
    rest = {name for name in segments if start is None or f"segments/{name}" > start}
    counted = moves(context, context.ruleset, after, rest)

    def view(address: str) -> dict[str, Any]:
        kind, _, name = address.partition("/")
        if kind == "flows":
            told = flow_view(context, name, comparison.definitions[kind, name].body)
        else:
            told = impact_view(name, counted[name], after.flows.values(), send_backfilled=send_backfilled)
        return {"id": name} | told | warnings.get((kind, name), {})

    addresses = [
        *(f"segments/{name}" for name in segments),
        *(f"flows/{name}" for kind, name in texts if kind == "flows"),
    ]
    page, following = pages.by_name(addresses, view, start)
    return {
        "segments": [each for address, each in page.items() if address.startswith("segments/")],
        "flows": [each for address, each in page.items() if address.startswith("flows/")],
        "next": following,
    }
