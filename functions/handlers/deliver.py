"""Handler of the queue of deliveries to destinations."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent

from functions import telemetry, wiring
from functions.destinations import named
from functions.handlers import batches
from functions.usecases.deliver import deliver_all


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, _context: object) -> PartialItemFailureResponse:
    """Tell each destination of its part of the batch; what it did not take comes again."""
    context = wiring.context()
    destinations = named(context.settings.destinations)
    return batches.tasks_together(event, "deliveries", lambda tasks: deliver_all(context, tasks, destinations))
