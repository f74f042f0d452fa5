"""Handler of the queue of refolds: of people, or of what was received since an instant."""

from functools import partial

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks.refolds import RebuildSegment, RefoldPeople, RefoldReceived
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases.rebuild import rebuild
from functions.usecases.refold import refold_people, refold_received
from functions.usecases.side_by_side import LANES


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, lambda_context: LambdaContext) -> PartialItemFailureResponse:
    """Fold from the log what each task names, until it is done or the Lambda's time is nearly up."""
    contexts = partial(wiring.context, lanes=LANES)

    def work(task: RebuildSegment | RefoldPeople | RefoldReceived) -> None:
        match task:
            case RebuildSegment():
                people = rebuild(contexts, task, late(lambda_context))
                return telemetry.logger().info("people were rebuilt", extra={"people": people})
            case RefoldReceived():
                events = refold_received(contexts, task, late(lambda_context))
            case RefoldPeople():
                events = refold_people(contexts(), task)
        return telemetry.logger().info("events were folded again", extra={"events": events})

    return batches.tasks(event, "refolds", work)
