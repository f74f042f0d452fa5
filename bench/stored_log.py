"""A log whose rows come as DynamoDB answers them: through the SDK, in pages of 1 MB, without the network."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import Any

from botocore.awsrequest import AWSRequest, AWSResponse
from botocore.compat import HTTPHeaders

from functions.adapters.clients import Clients
from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.log import DynamoLog
from functions.adapters.dynamodb.rows import events as rows
from functions.core.base.events import Event

DAYS = 760
# What a Query reads at most. (Amazon DynamoDB API Reference, Query.)
_PAGE = 1024 * 1024


def log_of(events: Iterable[Event]) -> DynamoLog:
    """A log that answers every query of a partition with these events, of one identifier, oldest first."""
    pages = list(_pages([rows.to_item(each, DAYS * 86_400, "") for each in events]))

    # The stubs know handlers without an answer alone; what one for "before-send" answers stands for the network.
    def answer(request: AWSRequest, **_: Any) -> Any:
        start = json.loads(request.body).get("ExclusiveStartKey")
        return AWSResponse(str(request.url), 200, HTTPHeaders(), _Raw(pages[int(start["sk"]["S"]) if start else 0]))

    clients = Clients(region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    client = clients.get("dynamodb")
    client.meta.events.register("before-send.dynamodb.Query", answer)
    return DynamoLog(Calls(lambda: client, str), DAYS)


class _Raw:
    """The body of an answer, as the SDK reads it."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        yield self._body


def _pages(items: list[Any]) -> Iterator[bytes]:
    """The bodies of the answers; the key to go on from is the number of the next one."""
    parts: list[list[str]] = [[]]
    for text in (json.dumps(item, default=_base64, separators=(",", ":")) for item in items):
        if sum(map(len, parts[-1])) + len(text) > _PAGE:
            parts.append([])
        parts[-1].append(text)
    for number, part in enumerate(parts, 1):
        more = f',"LastEvaluatedKey":{{"pk":{{"S":""}},"sk":{{"S":"{number}"}}}}' if number < len(parts) else ""
        yield f'{{"Items":[{",".join(part)}],"Count":{len(part)}{more}}}'.encode()


def _base64(value: bytes) -> str:
    return b64encode(value).decode()
