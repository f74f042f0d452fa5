"""Show the passes over everybody that follow publications, and how far each is."""

from typing import Any

from functions.core.answers.views import pass_view
from functions.core.ports import Ports


def passes(limit: int, ports: Ports) -> dict[str, Any]:
    """The latest passes, newest first; one that is not finished when a newer begins is replaced by it."""
    found = ports.passes.latest(limit)
    return {"backfills": [pass_view(each, replaced=place > 0) for place, each in enumerate(found)]}
