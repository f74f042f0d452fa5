"""The queue of people, or whole shops, that the law asks to forget."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks import EraseEmptyProfiles, ErasePeople, EraseShop
from functions.core.ports import Ports
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases import erase

Erasure = ErasePeople | EraseEmptyProfiles | EraseShop


@telemetry.observed()
def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """Delete, and count what was deleted."""
    ports = wiring.ports()

    def work(task: Erasure) -> None:
        erased = _erase(task, ports, late(context))
        counts = {"profiles": erased.profiles, "events": erased.events}
        telemetry.logger().info("people were erased", extra=counts)

    return batches.tasks(event, "erasures", work)


def _erase(task: Erasure, ports: Ports, late: Callable[[], bool]) -> erase.Erased:
    match task:
        case EraseShop():
            return erase.erase_shop(task, ports, late)
        case EraseEmptyProfiles():
            return erase.erase_empty_profiles(task.identifiers, ports)
        case ErasePeople():
            return erase.erase_people(task.identifiers, ports, wiring.ruleset(), wiring.now())
