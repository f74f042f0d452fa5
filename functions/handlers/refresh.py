"""Every night, and the queue through which a night's round goes on."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent, SQSEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks.refreshes import ApplyBorders, RefreshProfiles
from functions.handlers import batches, scheduled
from functions.handlers.deadline import late
from functions.usecases import shop_erasures
from functions.usecases.refresh import RefreshRun, begin, place, refresh


@telemetry.observed(source=scheduled.event_of)
def handler(event: SQSEvent | EventBridgeEvent, lambda_context: LambdaContext) -> PartialItemFailureResponse:
    """Start a refresh when the schedule invokes it; continue one when the queue does."""
    if isinstance(event, EventBridgeEvent):
        context = wiring.context()
        begin(context)
        telemetry.count({"ShopErasuresDue": shop_erasures.due(context)})
        return {"batchItemFailures": []}

    def work(task: ApplyBorders | RefreshProfiles) -> None:
        match task:
            case ApplyBorders():
                _apply_borders(task, lambda_context)
            case RefreshProfiles():
                _refresh(task, lambda_context)

    return batches.tasks(event, "refreshes", work)


def _apply_borders(task: ApplyBorders, lambda_context: LambdaContext) -> None:
    wiring.ruleset(fresh=True)
    moved = place(wiring.context, task.start, late(lambda_context))
    telemetry.logger().info("profiles moved by new borders", extra={"profiles": moved})


def _refresh(task: RefreshProfiles, lambda_context: LambdaContext) -> None:
    context = wiring.context(fresh=True)
    refresh_run = RefreshRun.of(task, context.settings.refresh_sample)
    before = refresh_run.differences
    try:
        is_finished = refresh(context, refresh_run, late(lambda_context))
    finally:
        telemetry.count({"RefreshDifferences": refresh_run.differences - before})
    counts = {"profiles": refresh_run.profiles, "checked": refresh_run.checked, "differences": refresh_run.differences}
    telemetry.logger().info("refresh %s", "done" if is_finished else "goes on", extra=counts)
    if is_finished:
        telemetry.count({"RefreshProfiles": refresh_run.profiles, "RefreshChecked": refresh_run.checked})
