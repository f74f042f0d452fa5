"""The stream of the log: new events, to be merged into profiles."""

from collections.abc import Mapping

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, DynamoDBStreamEvent

from functions import telemetry, wiring
from functions.core.base.errors import SegueError
from functions.core.base.events import Event
from functions.core.base.tasks.refolds import RefoldPeople
from functions.handlers import batches
from functions.usecases.fold import fold_apart
from functions.usecases.note_names import note_names
from functions.usecases.park import Failed, park


@telemetry.observed(source=DynamoDBStreamEvent)
def handler(event: DynamoDBStreamEvent, _context: object) -> PartialItemFailureResponse:
    """Fold a batch of INSERT records; return those that Lambda must send again."""
    return batches.inserts(event, _fold)


def _fold(records: list[DynamoDBRecord]) -> Mapping[int, SegueError]:
    context = wiring.context()
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
