"""The queue of profiles whose membership time alone may change now."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent

from functions import telemetry, wiring
from functions.core.base.tasks.wakes import WakeProfile
from functions.handlers import batches
from functions.usecases.tick import put_off
from functions.usecases.wake import wake


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, _context: object) -> PartialItemFailureResponse:
    """Evaluate each profile of the batch at its instant."""
    context = wiring.context()

    def work(task: WakeProfile) -> None:
        if not put_off(context, task):
            wake(context, task.profile)

    return batches.tasks(event, "wakes", work)
