"""Backfills as they are listed among the jobs: they too are about everybody, and take a while."""

from collections.abc import Mapping
from typing import Any

from functions.core.answers.views import backfill_view
from functions.core.definitions.records import Backfill
from functions.usecases.context import Context

_PREFIX = "backfill-"
_STATES: Mapping[str, str] = {"waiting": "queued", "under way": "running", "finished": "done", "replaced": "cancelled"}


def listing(context: Context, limit: int) -> list[dict[str, Any]]:
    """The latest backfills, newest first."""
    latest = context.ports.backfills.latest(limit)
    return [_view(each, replaced=place > 0) for place, each in enumerate(latest)]


def show(context: Context, job_id: str, most: int) -> dict[str, Any] | None:
    """The backfill of this id; None if it is not the id of one of the latest ``most``."""
    if not job_id.startswith(_PREFIX):
        return None
    return next((view for view in listing(context, most) if view["id"] == job_id), None)


def _view(backfill: Backfill, *, replaced: bool) -> dict[str, Any]:
    view = backfill_view(backfill, replaced=replaced)
    return {
        "id": f"{_PREFIX}{backfill.revision}",
        "kind": "backfill",
        "subject": f"backfill for {backfill.cause}",
        "state": _STATES[view["state"]],
        "author": "",
        "asked": view["began"],
        "at": None,
        "ended": view["finished"],
        "fault": "a newer one has taken its place" if view["state"] == "replaced" else None,
        "progress": {"segments": view["lanes"], "people": view["profiles"]},
    }
