"""The queue of flow runs whose next step is due, and of flows whose runs go on."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse

from functions import telemetry, wiring
from functions.core.base.tasks import AdvanceRun, DivideRuns, ResumeFlow
from functions.core.definitions.ruleset import Ruleset
from functions.handlers import batches
from functions.usecases.advance import advance
from functions.usecases.divide_runs import divide_runs
from functions.usecases.flow_state import resume


@telemetry.observed()
def handler(event: dict[str, Any], _context: object) -> PartialItemFailureResponse:
    """Take each run as far as it goes now."""
    ports, now = wiring.ports(), wiring.now()

    def work(task: ResumeFlow | DivideRuns | AdvanceRun) -> object:
        match task:
            case ResumeFlow():
                return resume(task.flow, ports, now)
            case DivideRuns():
                divide_runs(task.profile, ports, wiring.ruleset(), now)
                return None
            case AdvanceRun():
                return advance(task.profile, task.run, ports, ports.settings, _ruleset(task), now)

    return batches.tasks(event, "steps", work)


def _ruleset(task: AdvanceRun) -> Ruleset:
    ruleset = wiring.ruleset()
    if task.run.partition("#")[0] in ruleset.flows:
        return ruleset
    # Published a moment ago, or the run would end for want of its flow.
    return wiring.ruleset(fresh=True)
