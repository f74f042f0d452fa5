"""Progress of a job whose transaction DynamoDB cancels."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.jobs import DynamoJobs
from functions.core.base.errors import Conflict, RequestInvalid, SegueError, Throttled
from functions.core.jobs.records import Job, JobSegment

JOB = Job("j", "members", "members of a", "d", "ann", 100, 100, 1, 3)


class Cancelling:
    """A client that cancels every transaction for one reason and has stored nothing."""

    def __init__(self, reason: str) -> None:
        self._reasons = [{"Code": "None"}, {"Code": reason, "Message": "about ann@x.org"}]

    def transact_write_items(self, **_: Any) -> None:
        error: Any = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": self._reasons}
        raise ClientError(error, "TransactWriteItems")

    def get_item(self, **_: Any) -> dict[str, Any]:
        return {}


@pytest.mark.parametrize(
    ("reason", "expected"),
    [("ValidationError", RequestInvalid), ("ThrottlingError", Throttled), ("TransactionConflict", Conflict)],
)
def test_a_page_that_is_not_recorded_says_why(reason: str, expected: type[SegueError]) -> None:
    client: Any = Cancelling(reason)
    jobs = DynamoJobs(Calls(lambda: client, lambda table: table))
    with pytest.raises(expected) as raised:
        jobs.go_on(JOB, JobSegment(0).after(3, None, 100, [1]), ["a"])
    assert expected is type(raised.value)
