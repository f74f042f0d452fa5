"""The queue of profiles whose membership time alone may change now."""

from typing import Any

from functions import wiring
from functions.handlers import batches
from functions.usecases.wake import wake


def handler(event: dict[str, Any], _context: object) -> batches.Answer:
    """Evaluate each profile at this instant."""
    ports, loaded, now = wiring.ports(), wiring.loaded(), wiring.now()
    return batches.queue(event["Records"], lambda body: wake(body["profile"], ports, loaded, now))
