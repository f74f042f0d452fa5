"""The queue of backfills for new definitions."""

from functools import partial

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks.backfills import BackfillLane, BackfillProfile
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases.backfill import backfill, begin, update_one
from functions.usecases.side_by_side import LANES


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, lambda_context: LambdaContext) -> PartialItemFailureResponse:
    """Continue a lane of a backfill until it is done or the Lambda's time is nearly up."""
    wiring.ruleset(fresh=True)
    contexts = partial(wiring.context, lanes=LANES)

    def work(task: BackfillLane | BackfillProfile) -> None:
        context = contexts()
        if isinstance(task, BackfillProfile):
            return update_one(context, task)
        if context.settings.definitions_max_age and not task.ready:
            return begin(context, task)
        profiles = backfill(contexts, task, late(lambda_context))
        telemetry.logger().info(
            "profiles brought up to the definitions", extra={"profiles": profiles, "lane": task.lane}
        )
        return None

    return batches.tasks(event, "backfills", work)
