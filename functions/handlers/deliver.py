"""Handler of the queue of deliveries to destinations."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent

from functions import telemetry, wiring
from functions.destinations import named
from functions.handlers import batches
from functions.usecases.deliver import deliver_all


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, _context: object) -> PartialItemFailureResponse:
    """Deliver to each destination its tasks of the batch; those that it did not accept are returned to the queue."""
    context = wiring.context()
    destinations = named(context.settings.destinations)
    return batches.tasks_together(event, "deliveries", lambda tasks: deliver_all(context, tasks, destinations))
