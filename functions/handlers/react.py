"""The stream of the profiles: what changed, to be followed by flows and announced."""

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, DynamoDBStreamEvent

from functions import telemetry, wiring
from functions.core.profiles.state import State
from functions.destinations import named
from functions.handlers import batches
from functions.usecases.context import Context
from functions.usecases.deliver import Receivers
from functions.usecases.react import ProfileChange, react


@telemetry.observed(source=DynamoDBStreamEvent)
def handler(event: DynamoDBStreamEvent, _context: object) -> PartialItemFailureResponse:
    """React to each record in order; stop at the first that fails, which Lambda sends again with all behind it."""
    # Read freshly: what happens a second after a flow was paused starts nothing, after it was resumed it does.
    context = wiring.context(fresh=True)
    receivers = Receivers(named(context.settings.destinations))
    refreshed = False

    def work(record: DynamoDBRecord) -> None:
        nonlocal refreshed, context
        change = _change(context, batches.images(record))
        if change and not refreshed and change.after.built != context.ruleset.catalogue.built:
            # Whoever wrote it may know newer definitions: a segment that these do not know would be passed over.
            refreshed, context = True, wiring.context(fresh=True)
            change = _change(context, batches.images(record))
        if change:
            react(context, change, receivers)

    return batches.changes(event, work)


def _change(context: Context, images: Mapping[str, Any]) -> ProfileChange | None:
    """The change that a record shows; None for a tombstone, whose person continues in another profile."""
    people, ruleset = wiring.ports().people, context.ruleset
    after = people.from_image(images["NewImage"])
    before = people.from_image(images["OldImage"]) if "OldImage" in images else None
    if after.merged_into:
        return None
    state = ruleset.state(before) if before else State()
    return ProfileChange(after.profile, state, ruleset.state(after), after.version)
