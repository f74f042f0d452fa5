"""The stream of the log: new events, to be merged into profiles."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, DynamoDBStreamEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.errors import SegueError
from functions.core.base.events import Event
from functions.core.base.tasks.refolds import RefoldPeople
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases.fold import fold_apart
from functions.usecases.note_names import note_names
from functions.usecases.park import Failed, park
from functions.usecases.side_by_side import LANES

# What folding the people who are begun may take (milliseconds), with every attempt of every call.
MARGIN_MS = 30_000


@telemetry.observed(source=DynamoDBStreamEvent)
def handler(event: DynamoDBStreamEvent, lambda_context: LambdaContext) -> PartialItemFailureResponse:
    """Fold a batch of INSERT records; return those that Lambda must send again.

    It takes up again at the first of them, of the records whose partition keys it has given to this invocation.
    """
    return batches.inserts(event, partial(_fold, late(lambda_context, MARGIN_MS)))


def _fold(is_late: Callable[[], bool], records: list[DynamoDBRecord]) -> Mapping[int, SegueError]:
    context = replace(wiring.context(lanes=LANES), late=is_late)
    read = [_event(record) for record in records]
    places = [place for place, each in enumerate(read) if isinstance(each, Event)]
    events = [each for each in read if isinstance(each, Event)]
    note_names(context, events)
    errors = {place: each for place, each in enumerate(read) if isinstance(each, Exception)}
    errors |= {places[place]: error for place, error in fold_apart(context, events).items()}
    failed = {
        place: Failed(error, RefoldPeople(_identifiers(records[place], read[place]))) for place, error in errors.items()
    }
    return batches.reported(errors, park(context, failed, len(records)))


def _event(record: DynamoDBRecord) -> Event | Exception:
    """The event of the record, or why there is none."""
    try:
        return wiring.ports().log.from_image(batches.images(record)["NewImage"])
    except Exception as error:
        return error


def _identifiers(record: DynamoDBRecord, read: Event | Exception) -> tuple[str, ...]:
    """Whom the record is about; of one that cannot be read that is its key."""
    return read.identifiers if isinstance(read, Event) else (str(batches.images(record)["Keys"]["pk"]["S"]),)
