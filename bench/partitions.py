"""``python -m bench.partitions``: how long the log of somebody with many identifiers takes to read at 10 ms a query.

The client is one that waits instead of asking, so that what is measured is how many queries are under way at a time.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from bench.table import Row, show
from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.log import DynamoLog

WAIT = 0.01
# Somebody with a device and a cart, one with fifty devices, and one with fifty identifiers of each of five namespaces.
SIZES = (4, 52, 250)


class WaitingClient:
    """A client of DynamoDB whose queries take 10 ms and find nothing; ``queries`` counts them."""

    def __init__(self) -> None:
        self.queries = 0

    def query(self, **_: Any) -> dict[str, Any]:
        """Wait."""
        self.queries += 1
        time.sleep(WAIT)
        return {"Items": []}


def rows() -> Iterator[Row]:
    """This part of the table: seconds on the wall."""
    client: Any = WaitingClient()
    log = DynamoLog(Calls(lambda: client, str), 730)
    for count in SIZES:
        names = [f"anonymous_id:d{number}" for number in range(count)]
        yield _row(f"{count} partitions, one after another", client, partial(_in_turn, log, names))
        yield _row(f"{count} partitions, side by side", client, partial(log.read_several, names))


def _in_turn(log: DynamoLog, names: Sequence[str]) -> None:
    for name in names:
        list(log.read(name))


def _row(what: str, client: WaitingClient, read: Callable[[], Any]) -> Row:
    client.queries, begin = 0, time.perf_counter()
    read()
    return Row(what, time.perf_counter() - begin, "s", note=f"{client.queries} queries")


if __name__ == "__main__":
    show("One person with many identifiers", rows())
