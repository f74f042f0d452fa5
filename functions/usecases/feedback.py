"""Pass what SES reports about our messages to the ledger."""

from collections.abc import Sequence

from functions.core.base.translation import Report
from functions.usecases.context import Context


def tell(context: Context, reports: Sequence[Report], new: int) -> None:
    """Write each report to the ledger; opens and clicks are counted only if their event was new to the log."""
    for report in reports:
        if report.kind == "settle":
            context.ports.ledger.settle(report.profile, report.cause, report.ses_id, report.at)
        elif report.kind == "feedback":
            context.ports.ledger.report(report.profile, report.cause, report.text)
        elif new:
            context.ports.ledger.tally(report.profile, report.cause, report.kind)
