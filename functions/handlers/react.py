"""The stream of the profiles: what changed, to be followed by flows and announced; and the queue of parked changes."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, DynamoDBStreamEvent
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSEvent

from functions import telemetry, wiring
from functions.core.base.errors import Unavailable
from functions.core.base.tasks.changes import ReactAgain
from functions.core.profiles.state import State
from functions.destinations import named
from functions.handlers import batches
from functions.usecases.context import Context
from functions.usecases.deliver import Receivers
from functions.usecases.park import Failed, park
from functions.usecases.react import ProfileChange, react

Follow = Callable[[Mapping[str, Any]], None]
# A message of SQS has 256 KB, and its JSON escapes the quotes of this one.
_LARGEST = 200_000


def _source(event: dict[str, Any]) -> SQSEvent | DynamoDBStreamEvent:
    is_queue = any(record.get("eventSource") == "aws:sqs" for record in event["Records"])
    return SQSEvent(event) if is_queue else DynamoDBStreamEvent(event)


@telemetry.observed(source=_source)
def handler(event: SQSEvent | DynamoDBStreamEvent, _context: object) -> PartialItemFailureResponse:
    """React to each record in order; stop at the first outage, for which Lambda sends it again with all behind it."""
    # Read freshly: what happens a second after a flow was paused starts nothing, after it was resumed it does.
    context = wiring.context(fresh=True)
    follow = _follower(context)
    if isinstance(event, SQSEvent):
        return batches.tasks(event, "changes", lambda task: follow(json.loads(task.images)))

    def put_aside(errors: Mapping[int, Exception], records: Sequence[DynamoDBRecord]) -> Mapping[int, Exception]:
        failed = {place: _failed(error, records[place]) for place, error in errors.items()}
        return park(context, failed, len(records))

    return batches.changes(event, lambda record: follow(batches.images(record)), put_aside)


def _follower(context: Context) -> Follow:
    """What reacts to one change; it looks for newer definitions once, if whoever wrote the profile knows some."""
    receivers = Receivers(named(context.settings.destinations))
    refreshed = False

    def follow(images: Mapping[str, Any]) -> None:
        nonlocal refreshed, context
        change = _change(context, images)
        if change and not refreshed and change.after.built != context.ruleset.catalogue.built:
            # Whoever wrote it may know newer definitions: a segment that these do not know would be passed over.
            refreshed, context = True, wiring.context(fresh=True)
            change = _change(context, images)
        if change:
            react(context, change, receivers)

    return follow


def _change(context: Context, images: Mapping[str, Any]) -> ProfileChange | None:
    """The change that a record shows; None for a tombstone, whose person continues in another profile."""
    people, ruleset = wiring.ports().people, context.ruleset
    after = people.from_image(images["NewImage"])
    before = people.from_image(images["OldImage"]) if "OldImage" in images else None
    if after.merged_into:
        return None
    state = ruleset.state(before) if before else State()
    return ProfileChange(after.profile, state, ruleset.state(after), after.version)


def _failed(error: Exception, record: DynamoDBRecord) -> Failed:
    """The record with the task that reacts to it again; one that no message can hold has to wait in the stream."""
    whole = batches.images(record)
    images = {name: whole[name] for name in ("NewImage", "OldImage") if name in whole}
    text = json.dumps(images, separators=(",", ":"))
    if len(text) > _LARGEST:
        return Failed(Unavailable("park a change", f"{len(text)} bytes"), ReactAgain("{}"))
    return Failed(error, ReactAgain(text))
