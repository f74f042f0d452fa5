"""Look through what was not understood: list it, show a request whole, take it again, drop it."""

from typing import Any

from functions.core.answers.views import quarantine_entry_view, quarantined_view
from functions.core.base.errors import Fault, NotFound, NotUnderstood, Refused
from functions.core.base.intake import Quarantined
from functions.core.ports import Ports
from functions.sources import SOURCES
from functions.usecases.replay import replay


def listing(source: str | None, limit: int, start: str | None, ports: Ports) -> dict[str, Any]:
    """Requests of the source, or of all, newest first and without what was in them; ``next`` is where to go on."""
    if source is not None and source not in SOURCES:
        raise NotFound(Fault("no such source", "source", suggestion=", ".join(SOURCES)))
    sources = tuple(SOURCES) if source is None else (source,)
    found, following = ports.quarantine.page(sources, limit, start)
    return {"items": [quarantine_entry_view(entry) for entry in found], "next": following}


def show(source: str, name: str, ports: Ports) -> dict[str, Any]:
    """One request, whole. Raises NotFound."""
    return quarantined_view(_item(source, name, ports))


def again(source: str, name: str, currency: str, ports: Ports) -> dict[str, Any]:
    """Replay one request; it stays if it still is not understood. Raises NotFound."""
    item = _item(source, name, ports)
    try:
        receipt = replay(SOURCES[source], item, currency, ports)
    except NotUnderstood as error:
        return {"replayed": False, "events": 0, "reason": error.reason}
    except Refused as error:
        return {"replayed": False, "events": 0, "reason": str(error)}
    return {"replayed": True, "events": receipt.accepted, "reason": None}


def drop(source: str, name: str, ports: Ports) -> dict[str, Any]:
    """Delete one request for good. Raises NotFound."""
    item = _item(source, name, ports)
    ports.quarantine.remove(item.source, item.id)
    return {"source": item.source, "id": item.id, "dropped": True}


def _item(source: str, name: str, ports: Ports) -> Quarantined:
    item = ports.quarantine.get(source, name) if source in SOURCES else None
    if item is None:
        raise NotFound(Fault("quarantine has no such request", "id"))
    return item
