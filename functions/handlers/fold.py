"""The stream of the log: new events, to be merged into profiles."""

from typing import Any

from functions import wiring
from functions.handlers import batches
from functions.usecases.fold import fold
from functions.usecases.note_names import note_names


def handler(event: dict[str, Any], _context: object) -> batches.Answer:
    """Fold a batch of INSERT records; names the first that has to come again."""
    ports, records = wiring.ports(), event["Records"]
    events = [ports.log.from_image(record["dynamodb"]["NewImage"]) for record in records]
    note_names(events, ports)
    failed = fold(events, ports, wiring.loaded(), wiring.now())
    for error in {str(each) for each in failed.values()}:
        batches.logger.warning("events will be folded again", extra={"error": error, "events": len(failed)})
    return batches.stream(records, failed)
