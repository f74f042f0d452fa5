"""Show the backfills that follow publications, and how far each is."""

from typing import Any

from functions.core.answers.views import backfill_view
from functions.usecases.context import Context


def backfills(context: Context, limit: int) -> dict[str, Any]:
    """The latest backfills, newest first; one that is not finished when a newer begins is replaced by it."""
    latest = context.ports.backfills.latest(limit)
    return {"backfills": [backfill_view(each, replaced=place > 0) for place, each in enumerate(latest)]}
