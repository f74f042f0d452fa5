"""What SES reports, from EventBridge into the log and the ledger."""

import json
from typing import Any

from aws_lambda_powertools.logging import correlation_paths

from functions import telemetry, wiring
from functions.core.base.translation import Request
from functions.usecases.collect import collect


@telemetry.observed(correlation_paths.EVENT_BRIDGE)
def handler(event: dict[str, Any], _context: object) -> dict[str, int]:
    """Store one event of SES; an error is raised, so that Lambda repeats the invocation."""
    context = wiring.context()
    request = Request(json.dumps(event).encode(), received=context.now, currency=context.settings.shop_currency)
    receipt = collect(context, "ses", request)
    counts = {"RequestsQuarantined": receipt.quarantined, "FeedbackOfStrangers": receipt.strangers}
    telemetry.count(counts, source="ses")
    return {"new": receipt.new}
