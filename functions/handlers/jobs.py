"""The queue of what is asked about everybody."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks.jobs import SweepSegment
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases.sweep import ATTEMPTS, bury, sweep


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, lambda_context: LambdaContext) -> PartialItemFailureResponse:
    """Evaluate a segment of everybody for all jobs that wait, until none does or the Lambda's time is nearly up."""
    is_last = any(int(each.attributes.approximate_receive_count) >= ATTEMPTS for each in event.records)

    def work(task: SweepSegment) -> None:
        try:
            people = sweep(wiring.context, task, late(lambda_context))
        except Exception as error:
            if is_last:
                bury(wiring.context(), task, error)
            raise
        telemetry.logger().info("people evaluated for jobs", extra={"people": people, "segment": task.number})

    wiring.ruleset(fresh=True)
    return batches.tasks(event, "jobs", work)
