"""Tell the ledger what the mail system reports of our messages."""

from collections.abc import Sequence

from functions.core.base.intake import Report
from functions.usecases.context import Context


def tell(context: Context, reports: Sequence[Report], new: int) -> None:
    """Pass each report on; an open or a click counts only when the log had not seen its event before."""
    for report in reports:
        if report.kind == "settle":
            context.ports.ledger.settle(report.profile, report.cause, report.ses_id, report.at)
        elif report.kind == "feedback":
            context.ports.ledger.report(report.profile, report.cause, report.text)
        elif new:
            context.ports.ledger.tally(report.profile, report.cause, report.kind)
