"""Manage quarantined requests: list, show, replay and delete them."""

from typing import Any

from functions.core.answers import pages
from functions.core.answers.views import quarantine_entry_view, quarantined_view
from functions.core.base.errors import Fault, NotFound, NotUnderstood, Refused
from functions.core.base.limits import LONGEST_SHOWN
from functions.core.base.quarantine import Quarantined
from functions.sources import SOURCES
from functions.usecases.context import Context
from functions.usecases.replay import replay


def listing(context: Context, source: str | None, limit: int, start: str | None) -> dict[str, Any]:
    """Requests of the source, or of all, newest first, without bodies; ``next`` is where the next page starts."""
    if source is not None and source not in SOURCES:
        raise NotFound(Fault("no such source", "source", suggestion=", ".join(SOURCES)))
    sources = tuple(SOURCES) if source is None else (source,)

    def read(most: int) -> tuple[list[dict[str, Any]], str | None]:
        entries, following = context.ports.quarantine.page(sources, most, start)
        return [quarantine_entry_view(entry) for entry in entries], following

    page = pages.read_again(read, limit)
    return {"items": page.items, "next": page.next}


def show(context: Context, source: str, name: str, start: int = 0) -> dict[str, Any]:
    """One request; of a large one the part of its body from character ``start`` on. Raises NotFound."""
    item = _item(context, source, name)
    end = start + LONGEST_SHOWN
    following = str(end) if end < len(item.body) else None
    return quarantined_view(item) | {"body": item.body[start:end], "next": following}


def again(context: Context, source: str, name: str) -> dict[str, Any]:
    """Replay one request; it stays in quarantine if it still is not understood. Raises NotFound."""
    item = _item(context, source, name)
    try:
        receipt = replay(context, SOURCES[source], item)
    except NotUnderstood as error:
        return {"replayed": False, "events": 0, "reason": error.reason}
    except Refused as error:
        return {"replayed": False, "events": 0, "reason": str(error)}
    return {"replayed": True, "events": receipt.accepted, "reason": None}


def drop(context: Context, source: str, name: str) -> dict[str, Any]:
    """Delete one request for good. Raises NotFound."""
    item = _item(context, source, name)
    context.ports.quarantine.remove(item.source, item.id)
    return {"source": item.source, "id": item.id, "dropped": True}


def _item(context: Context, source: str, name: str) -> Quarantined:
    item = context.ports.quarantine.get(source, name) if source in SOURCES else None
    if item is None:
        raise NotFound(Fault("quarantine has no such request", "id"))
    return item
