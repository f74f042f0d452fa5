"""Every night, and the queue through which a night's round goes on."""

from typing import Any

from functions import wiring
from functions.handlers import batches, metrics
from functions.handlers.deadline import late
from functions.usecases.refresh import Limits, Round, begin, place, refresh


def handler(event: dict[str, Any], context: object) -> batches.Answer:
    """Begin a round when the schedule calls; go on with one when the queue does."""
    ports, now = wiring.ports(), wiring.now()
    if "Records" not in event:
        begin(ports, now)
        return {"batchItemFailures": []}
    return batches.queue(event["Records"], lambda body: _go_on(body, context))


def _go_on(body: dict[str, Any], context: object) -> None:
    ports, now = wiring.ports(), wiring.now()
    loaded, settings = wiring.loaded(fresh=True), ports.settings
    if body.get("place"):
        moved = place(body["start"], ports, wiring.loaded, now, late(context))
        batches.logger.info("profiles moved by new borders", extra={"profiles": moved})
        return
    night = Round.of(body, settings.refresh_sample)
    limits = Limits(settings.log_retention_days, settings.definitions_max_age)
    before = night.differences
    try:
        done = refresh(night, limits, ports, loaded, now, late(context))
    finally:
        metrics.count(now, {"RefreshDifferences": night.differences - before})
    told = {"profiles": night.profiles, "checked": night.checked, "differences": night.differences}
    batches.logger.info("refresh %s", "done" if done else "goes on", extra=told)
    if done:
        metrics.count(now, {"RefreshProfiles": night.profiles, "RefreshChecked": night.checked})
