"""What the adapters of a tick take of a processor, with a client that answers at once."""

import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.runs import DynamoRuns
from functions.adapters.sqs import SqsQueues
from functions.core.flows.records import Due, DueWindow
from functions.usecases.tick import dispatch


class Costs(NamedTuple):
    """Seconds of one processor: for a batch of ten messages, and for a page of 250 rows."""

    batch: float
    page: float


def measured() -> Costs:
    """What the adapters take, with a client that answers at once."""

    class Client:
        def send_message_batch(self, **_: Any) -> dict[str, Any]:
            return {}

        def query(self, **_: Any) -> dict[str, Any]:
            return {"Items": items}

    items = [{"pk": {"S": f"{n:032}"}, "sk": {"S": "f#1"}, "due": {"N": "1900000000"}} for n in range(250)]
    rows = [Due(f"{n:032}", "f#1", 1_900_000_000) for n in range(1000)]
    client: Any = Client()
    queues, runs = SqsQueues(lambda: client, str), DynamoRuns(Calls(lambda: client, str), 64)
    sdk = _sdk()
    batch = _seconds(lambda: queues.offer([dispatch(row, 1_900_000_000) for row in rows])) / 100
    page = _seconds(lambda: runs.due_page(DueWindow(0, 0, 2**31), None, 250))
    return Costs(batch + sdk, page + sdk)


def _sdk() -> float:
    """What botocore takes for a batch: to write, sign and read it, without the network."""
    import boto3
    from botocore.awsrequest import AWSResponse
    from botocore.compat import HTTPHeaders

    client = boto3.client("sqs", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")

    class Raw:
        def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
            yield b'{"Successful": []}'

    client.meta.events.register(
        "before-send.sqs", lambda request, **_: AWSResponse(request.url, 200, HTTPHeaders(), Raw())
    )
    body = '{"profile":"00000000000000000000000000000000","due":1900000000}'
    entries: Any = [{"Id": str(place), "MessageBody": body, "DelaySeconds": 9} for place in range(10)]
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/wakes"
    return _seconds(lambda: client.send_message_batch(QueueUrl=url, Entries=entries), 200)


def _seconds(act: Callable[[], Any], times: int = 5) -> float:
    act()
    begin = time.process_time()
    for _ in range(times):
        act()
    return (time.process_time() - begin) / times
