"""The queue of profiles whose membership time alone may change now."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent

from functions import telemetry, wiring
from functions.handlers import batches
from functions.usecases.wake import wake


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, _context: object) -> PartialItemFailureResponse:
    """Evaluate each profile of the batch at its instant."""
    context = wiring.context()
    return batches.tasks(event, "wakes", lambda task: wake(context, task.profile))
