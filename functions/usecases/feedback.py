"""Tell the ledger what the mail system reports of our messages."""

from collections.abc import Sequence

from functions.core.base.intake import Report
from functions.core.ports import Ports


def tell(reports: Sequence[Report], new: int, ports: Ports) -> None:
    """Pass each report on; an open or a click counts only when the log had not seen its event before."""
    for report in reports:
        if report.kind == "settle":
            ports.ledger.settle(report.profile, report.cause, report.ses_id, report.at)
        elif report.kind == "feedback":
            ports.ledger.report(report.profile, report.cause, report.text)
        elif new:
            ports.ledger.tally(report.profile, report.cause, report.kind)
