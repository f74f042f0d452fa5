"""Show what a source left in quarantine, and take a request of it again."""

from typing import Any

from functions.core.errors import Fault, NotFound, NotUnderstood
from functions.core.ports import Ports
from functions.core.views import quarantined_view
from functions.sources import SOURCES
from functions.usecases.replay import replay


def listing(source: str, ports: Ports) -> dict[str, Any]:
    """The source's requests that were not understood, oldest first."""
    return {"items": [quarantined_view(item) for item in ports.quarantine.of(source)]}


def again(source: str, name: str, currency: str, ports: Ports) -> dict[str, Any]:
    """Replay one request; it stays if it still is not understood. Raises NotFound."""
    item = next((each for each in ports.quarantine.of(source) if each.id == name), None)
    if item is None or source not in SOURCES:
        raise NotFound(Fault("quarantine has no such request", "id"))
    try:
        receipt = replay(SOURCES[source], item, currency, ports)
    except NotUnderstood as error:
        return {"replayed": False, "events": 0, "reason": error.reason}
    return {"replayed": True, "events": receipt.accepted, "reason": None}
