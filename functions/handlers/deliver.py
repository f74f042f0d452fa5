"""The queue of what destinations are still to be told."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse

from functions import telemetry, wiring
from functions.destinations import named
from functions.handlers import batches
from functions.usecases.deliver import deliver_all


@telemetry.observed()
def handler(event: dict[str, Any], _context: object) -> PartialItemFailureResponse:
    """Tell each destination of its part of the batch; what it did not take comes again."""
    context = wiring.context()
    destinations = named(context.settings.destinations)
    return batches.tasks_together(event, "deliveries", lambda tasks: deliver_all(context, tasks, destinations))
