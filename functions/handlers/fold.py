"""The stream of the log: new events, to be merged into profiles."""

from collections.abc import Mapping

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord, DynamoDBStreamEvent

from functions import telemetry, wiring
from functions.core.base.errors import SegueError
from functions.handlers import batches
from functions.usecases.fold import fold
from functions.usecases.note_names import note_names


@telemetry.observed(source=DynamoDBStreamEvent)
def handler(event: DynamoDBStreamEvent, _context: object) -> PartialItemFailureResponse:
    """Fold a batch of INSERT records; return those that Lambda must send again."""
    return batches.inserts(event, _fold)


def _fold(records: list[DynamoDBRecord]) -> Mapping[int, SegueError]:
    log = wiring.ports().log
    events = [log.from_image(batches.images(record)["NewImage"]) for record in records]
    context = wiring.context()
    note_names(context, events)
    return fold(context, events)
