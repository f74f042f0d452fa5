"""The queue of profiles whose membership time alone may change now."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse

from functions import telemetry, wiring
from functions.handlers import batches
from functions.usecases.wake import wake


@telemetry.observed()
def handler(event: dict[str, Any], _context: object) -> PartialItemFailureResponse:
    """Evaluate each profile at this instant."""
    context = wiring.context()
    return batches.tasks(event, "wakes", lambda task: wake(context, task.profile))
