"""The queue of flow runs whose next step is due, and of flows whose runs go on."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse

from functions import telemetry, wiring
from functions.handlers import batches
from functions.usecases.advance import advance
from functions.usecases.divide_runs import divide_runs
from functions.usecases.flow_state import resume


@telemetry.observed()
def handler(event: dict[str, Any], _context: object) -> PartialItemFailureResponse:
    """Take each run as far as it goes now."""
    ports, now = wiring.ports(), wiring.now()

    def work(body: dict[str, Any]) -> object:
        if "resume" in body:
            return resume(body["resume"], ports, now)
        ruleset = wiring.ruleset()
        if "divided" in body:
            divide_runs(body["profile"], ports, ruleset, now)
            return None
        if body["run"].partition("#")[0] not in ruleset.flows:
            # Published a moment ago, or the run would end for want of its flow.
            ruleset = wiring.ruleset(fresh=True)
        return advance(body["profile"], body["run"], ports, ports.settings, ruleset, now)

    return batches.messages(event, work)
