"""The queue of backfills for new definitions."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks.backfills import BackfillLane
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases.backfill import backfill, begin


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, lambda_context: LambdaContext) -> PartialItemFailureResponse:
    """Continue a lane of a backfill until it is done or the Lambda's time is nearly up."""
    wiring.ruleset(fresh=True)

    def work(task: BackfillLane) -> None:
        context = wiring.context()
        if context.settings.definitions_max_age and not task.ready:
            return begin(context, task)
        profiles = backfill(wiring.context, task, late(lambda_context))
        telemetry.logger().info(
            "profiles brought up to the definitions", extra={"profiles": profiles, "lane": task.lane}
        )
        return None

    return batches.tasks(event, "backfills", work)
