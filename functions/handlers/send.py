"""The queue of flow runs whose next step is due, of flows whose runs go on, and of confirmations to ask for."""

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent

from functions import telemetry, wiring
from functions.core.base.tasks.steps import AdvanceRun, AskConfirmation, DivideRuns, ResumeFlow
from functions.handlers import batches
from functions.usecases.advance import advance
from functions.usecases.ask_confirmation import ask_confirmation
from functions.usecases.context import Context
from functions.usecases.divide_runs import divide_runs
from functions.usecases.flow_state import resume
from functions.usecases.tick import put_off


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, _context: object) -> PartialItemFailureResponse:
    """Advance each run as far as it can go now."""

    def work(task: AskConfirmation | ResumeFlow | DivideRuns | AdvanceRun) -> object:
        match task:
            case AskConfirmation():
                ask_confirmation(wiring.context(), task)
                return None
            case ResumeFlow():
                return resume(wiring.context(), task.flow)
            case DivideRuns():
                divide_runs(wiring.context(), task.profile)
                return None
            case AdvanceRun():
                return put_off(wiring.context(), task) or advance(_knowing(task), task.profile, task.run)

    return batches.tasks(event, "steps", work)


def _knowing(task: AdvanceRun) -> Context:
    """A context whose ruleset has the flow of the run, if there is one."""
    context = wiring.context()
    if task.run.partition("#")[0] in context.ruleset.flows:
        return context
    # Published a moment ago, or the run would end for want of its flow.
    return wiring.context(fresh=True)
