"""Every night, and the queue through which a night's round goes on."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks import ApplyBorders, RefreshProfiles
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases.refresh import Limits, RefreshRun, begin, place, refresh


@telemetry.observed()
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Begin a round when the schedule calls; go on with one when the queue does."""
    ports, now = wiring.ports(), wiring.now()
    if "Records" not in event:
        begin(ports, now)
        return {"batchItemFailures": []}

    def work(task: ApplyBorders | RefreshProfiles) -> None:
        match task:
            case ApplyBorders():
                _apply_borders(task, context)
            case RefreshProfiles():
                _refresh(task, context)

    return batches.tasks(event, "refreshes", work)


def _apply_borders(task: ApplyBorders, context: LambdaContext) -> None:
    wiring.ruleset(fresh=True)
    moved = place(task.start, wiring.ports(), wiring.ruleset, wiring.now(), late(context))
    telemetry.logger().info("profiles moved by new borders", extra={"profiles": moved})


def _refresh(task: RefreshProfiles, context: LambdaContext) -> None:
    ports, now = wiring.ports(), wiring.now()
    ruleset, settings = wiring.ruleset(fresh=True), ports.settings
    refresh_run = RefreshRun.of(task, settings.refresh_sample)
    limits = Limits(settings.log_retention_days, settings.definitions_max_age)
    before = refresh_run.differences
    try:
        done = refresh(refresh_run, limits, ports, ruleset, now, late(context))
    finally:
        telemetry.count({"RefreshDifferences": refresh_run.differences - before})
    told = {"profiles": refresh_run.profiles, "checked": refresh_run.checked, "differences": refresh_run.differences}
    telemetry.logger().info("refresh %s", "done" if done else "goes on", extra=told)
    if done:
        telemetry.count({"RefreshProfiles": refresh_run.profiles, "RefreshChecked": refresh_run.checked})
