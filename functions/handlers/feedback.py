"""The queue of what SES reports, into the log and the ledger."""

import json
from typing import Any

from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes import SQSEvent

from functions import telemetry, wiring
from functions.core.base.translation import Request
from functions.handlers import batches
from functions.usecases.collect import collect

# What SES publishes once, when it is told of the topic.
_GREETING = "Successfully validated SNS topic"


@telemetry.observed()
def handler(event: dict[str, Any], _context: object) -> PartialItemFailureResponse:
    """Store each event of a batch; one that came by the event bus, as those of the release before, is raised."""
    if "Records" in event:
        return batches.bodies(SQSEvent(event), _take)
    _take(json.dumps(event))
    return {"batchItemFailures": []}


def _take(body: str) -> None:
    if body.startswith(_GREETING):
        return
    context = wiring.context()
    request = Request(body.encode(), received=context.now, currency=context.settings.shop_currency)
    receipt = collect(context, "ses", request)
    counts = {"RequestsQuarantined": receipt.quarantined, "FeedbackOfStrangers": receipt.strangers}
    telemetry.count(counts, source="ses")
