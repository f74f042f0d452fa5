"""Manage quarantined requests: list, show, replay and delete them."""

from typing import Any

from functions.core.answers import pages
from functions.core.answers.views import quarantine_entry_view, quarantined_view
from functions.core.base.errors import Fault, NotFound, NotUnderstood, Refused
from functions.core.base.limits import LONGEST_SHOWN
from functions.core.base.quarantine import Quarantined
from functions.usecases.collect import LONGEST_REASON
from functions.usecases.context import Context
from functions.usecases.declared_sources import for_replay, names
from functions.usecases.replay import replay


def listing(context: Context, source: str | None, limit: int, start: str | None) -> dict[str, Any]:
    """Requests of the source, or of all, newest first, without bodies; ``next`` is where the next page starts."""
    sources = _sources(context, source)

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
    """Replay one request; it stays in quarantine, with the reason of now, if it is not understood. Raises NotFound."""
    return _again(context, _item(context, source, name))


def again_together(context: Context, source: str | None, limit: int, start: str | None) -> dict[str, Any]:
    """Replay a page of the requests of a source, or of all, the newest first; ``next`` is where the next page starts.

    What is understood leaves quarantine, and what comes meanwhile is on no later page.
    """
    entries, following = context.ports.quarantine.page(_sources(context, source), limit, start)
    results = []
    for entry in entries:
        # Another replay may have taken it meanwhile.
        if item := context.ports.quarantine.get(entry.source, entry.id):
            results.append({"source": entry.source, "id": entry.id, **_again(context, item)})
    return {"items": results, "next": following}


def _again(context: Context, item: Quarantined) -> dict[str, Any]:
    try:
        receipt = replay(context, for_replay(context, item.source), item)
    except NotUnderstood as error:
        return _kept(context, item, error.reason)
    except Refused as error:
        return _kept(context, item, str(error))
    return {"replayed": True, "events": receipt.accepted, "reason": None}


def _kept(context: Context, item: Quarantined, reason: str) -> dict[str, Any]:
    if reason[:LONGEST_REASON] != item.reason:
        context.ports.quarantine.restate(item, reason[:LONGEST_REASON])
    return {"replayed": False, "events": 0, "reason": reason}


def drop(context: Context, source: str, name: str) -> dict[str, Any]:
    """Delete one request for good. Raises NotFound."""
    item = _item(context, source, name)
    context.ports.quarantine.remove(item.source, item.id)
    return {"source": item.source, "id": item.id, "dropped": True}


def _sources(context: Context, source: str | None) -> tuple[str, ...]:
    """The source alone, or every one under whose name something may be there. Raises NotFound."""
    known = names(context)
    if source is not None and source not in known:
        raise NotFound(Fault("no such source", "source", suggestion=", ".join(known)))
    return known if source is None else (source,)


def _item(context: Context, source: str, name: str) -> Quarantined:
    item = context.ports.quarantine.get(source, name)
    if item is None:
        raise NotFound(Fault("quarantine has no such request", "id"))
    return item
