"""The queue of people, or whole shops, that the law asks to forget."""

from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases import erase


@telemetry.observed()
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Delete, and count what was deleted."""
    ports = wiring.ports()

    def work(body: dict[str, Any]) -> None:
        if "shop" in body:
            erased = erase.erase_shop(body["shop"], body.get("start"), ports, late(context))
        elif body.get("second"):
            erased = erase.erase_ghosts(body["identifiers"], ports)
        else:
            erased = erase.erase_people(body["identifiers"], ports, wiring.ruleset(), wiring.now())
        counts = {"profiles": erased.profiles, "events": erased.events}
        telemetry.logger().info("people were erased", extra=counts)

    return batches.messages(event, work)
