"""Handler of the queue of erasures: of people or of a whole shop."""

from collections.abc import Callable

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent
from aws_lambda_powertools.utilities.typing import LambdaContext

from functions import telemetry, wiring
from functions.core.base.tasks.erasures import EraseEmptyProfiles, ErasePeople, EraseShop
from functions.handlers import batches
from functions.handlers.deadline import late
from functions.usecases import erase
from functions.usecases.context import Context

Erasure = ErasePeople | EraseEmptyProfiles | EraseShop


@telemetry.observed(source=SQSEvent)
def handler(event: SQSEvent, lambda_context: LambdaContext) -> PartialItemFailureResponse:
    """Erase the people or the shop of each task, and count in the metrics what was deleted."""

    def work(task: Erasure) -> None:
        erased = _erase(wiring.context(), task, late(lambda_context))
        counts = {"profiles": erased.profiles, "events": erased.events}
        telemetry.logger().info("people were erased", extra=counts)

    return batches.tasks(event, "erasures", work)


def _erase(context: Context, task: Erasure, late: Callable[[], bool]) -> erase.Erased:
    match task:
        case EraseShop():
            return erase.erase_shop(context, task, late)
        case EraseEmptyProfiles():
            return erase.erase_empty_profiles(context, task.identifiers)
        case ErasePeople():
            return erase.erase_people(context, task.identifiers)
