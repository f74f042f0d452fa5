"""The queue of passes over every profile for new definitions."""

from typing import Any

from functions import wiring
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases.backfill import backfill, begin


def handler(event: dict[str, Any], context: object) -> batches.Answer:
    """Go on with a pass until it is done or the time is nearly up."""
    ports, loaded, now = wiring.ports(), wiring.loaded(fresh=True), wiring.now()
    max_age = ports.settings.definitions_max_age

    def work(body: dict[str, Any]) -> None:
        if max_age and body.get("start") is None and not body.get("ready"):
            return begin(body.get("revision", 0), max_age, ports)
        seen = backfill(body.get("start"), body.get("revision", 0), ports, loaded, now, late(context))
        batches.logger.info("profiles brought up to the definitions", extra={"profiles": seen})
        return None

    return batches.queue(event["Records"], work)
