"""The queue of flow runs whose next step is due."""

from typing import Any

from functions import wiring
from functions.handlers import batches
from functions.usecases.advance import advance


def handler(event: dict[str, Any], _context: object) -> batches.Answer:
    """Take each run as far as it goes now."""
    ports, loaded, now = wiring.ports(), wiring.loaded(), wiring.now()
    return batches.queue(
        event["Records"], lambda body: advance(body["profile"], body["run"], ports, ports.settings, loaded, now)
    )
