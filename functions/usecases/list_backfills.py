"""List the backfills that follow publications, with their progress."""

from typing import Any

from functions.core.answers.views import backfill_view
from functions.usecases.context import Context


def backfills(context: Context, limit: int) -> dict[str, Any]:
    """The latest backfills, newest first; an unfinished one is replaced by the next."""
    latest = context.ports.backfills.latest(limit)
    return {"backfills": [backfill_view(each, replaced=place > 0) for place, each in enumerate(latest)]}
