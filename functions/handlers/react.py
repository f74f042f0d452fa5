"""The stream of the profiles: what changed, to be followed by flows and announced."""

from typing import Any

from functions import wiring
from functions.core.catalogue import Loaded
from functions.core.errors import Unavailable
from functions.core.profile import State
from functions.handlers import batches
from functions.usecases.react import Change, react
from functions.wiring import Wiring


def handler(event: dict[str, Any], _context: object) -> batches.Answer:
    """React to each record in its order; stops at the first that has to come again."""
    # Read freshly: what happens a second after a flow was paused starts nothing, after it was resumed it does.
    ports, loaded, now, records = wiring.ports(), wiring.loaded(fresh=True), wiring.now(), event["Records"]
    asked = False
    for position, record in enumerate(records):
        change = _change(record["dynamodb"], ports, loaded)
        try:
            if change and not asked and change.after.built != loaded.catalogue.built:
                # Whoever wrote it may know newer definitions: a segment that these do not know would be passed over.
                asked, loaded = True, wiring.loaded(fresh=True)
                change = _change(record["dynamodb"], ports, loaded)
            if change:
                react(change, ports, loaded, now)
        except Unavailable as error:
            batches.logger.warning("a change will be reacted to again", extra={"error": str(error)})
            return batches.stream(records, [position])
    return batches.stream(records, [])


def _change(images: dict[str, Any], ports: Wiring, loaded: Loaded) -> Change | None:
    """The change that a record shows; None for a tombstone, whose person lives on in another profile."""
    after = ports.people.from_image(images["NewImage"])
    before = ports.people.from_image(images["OldImage"]) if "OldImage" in images else None
    if after.merged_into:
        return None
    return Change(after.profile, loaded.state(before) if before else State(), loaded.state(after))
