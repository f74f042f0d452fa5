"""Every minute: who falls due before the next one?"""

from typing import Any

from functions import wiring
from functions.usecases.tick import tick


def handler(_event: dict[str, Any], _context: object) -> dict[str, int]:
    """Queue everybody who is due soon."""
    ports = wiring.ports()
    return {"queued": tick(ports, ports.settings.due_shards, wiring.now())}
