"""The stream of the profiles: what changed, to be followed by flows and announced."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

from functions import telemetry, wiring
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles.state import State
from functions.destinations import named
from functions.handlers import batches
from functions.usecases.react import Change, react
from functions.wiring import Wiring


@telemetry.observed()
def handler(event: dict[str, Any], _context: object) -> PartialItemFailureResponse:
    """React to each record in its order; stops at the first that has to come again."""
    # Read freshly: what happens a second after a flow was paused starts nothing, after it was resumed it does.
    ports, ruleset, now = wiring.ports(), wiring.ruleset(fresh=True), wiring.now()
    destinations = named(ports.settings.destinations)
    asked = False

    def work(record: DynamoDBRecord) -> None:
        nonlocal asked, ruleset
        change = _change(record["dynamodb"], ports, ruleset)
        if change and not asked and change.after.built != ruleset.catalogue.built:
            # Whoever wrote it may know newer definitions: a segment that these do not know would be passed over.
            asked, ruleset = True, wiring.ruleset(fresh=True)
            change = _change(record["dynamodb"], ports, ruleset)
        if change:
            react(change, destinations, ports, ruleset, now)

    return batches.changes(event, work)


def _change(images: Mapping[str, Any], ports: Wiring, ruleset: Ruleset) -> Change | None:
    """The change that a record shows; None for a tombstone, whose person lives on in another profile."""
    after = ports.people.from_image(images["NewImage"])
    before = ports.people.from_image(images["OldImage"]) if "OldImage" in images else None
    if after.merged_into:
        return None
    known = ruleset.state(before) if before else State()
    return Change(after.profile, known, ruleset.state(after), after.version)
