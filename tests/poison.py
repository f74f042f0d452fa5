"""A fault that strikes one person: every write of their profile fails, whoever makes it and however often."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import ClientError

from functions import wiring
from functions.core.base.identity import profile_id

EVENT = "before-parameter-build.dynamodb.PutItem"
# What DynamoDB says of a row that it will never take.
REFUSED = ClientError({"Error": {"Code": "ValidationException", "Message": "about ann@x.org"}}, "PutItem")


@contextmanager
def poisoned(error: Exception, *names: str) -> Iterator[None]:
    """Inside the block, nothing is written of the profiles that begin with these identifiers; of all without any."""
    struck = {profile_id(name) for name in names}

    def strike(params: Any, **_: Any) -> None:
        where = params["TableName"].rpartition("-")[2]
        if where == "profiles" and (not struck or params["Item"]["pk"]["S"] in struck):
            raise error

    events = wiring.clients().get("dynamodb").meta.events
    events.register(EVENT, strike)
    try:
        yield
    finally:
        events.unregister(EVENT, strike)
