"""Every minute: who falls due soon? And the queue through which a tick goes on where a shard has many."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent, SQSEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks.ticks import QueueShard
from functions.handlers import batches, scheduled
from functions.handlers.deadline import late
from functions.usecases.tick import queue_shard, tick

# What a group of shards, or a page with its pauses, may take.
_MARGIN_MS = 20_000


@telemetry.observed(source=scheduled.event_of)
def handler(event: SQSEvent | EventBridgeEvent, lambda_context: LambdaContext) -> PartialItemFailureResponse:
    """Queue whoever falls due when the schedule invokes it; go on with a shard when the queue does."""
    context, is_late = wiring.context(), late(lambda_context, _MARGIN_MS)

    def work(task: QueueShard) -> None:
        queue_shard(context, task, wiring.now, is_late)

    try:
        if isinstance(event, SQSEvent):
            return batches.tasks(event, "ticks", work)
        tick(context, wiring.now, is_late)
        return {"batchItemFailures": []}
    finally:
        telemetry.count(context.counts)
