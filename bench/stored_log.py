"""A log whose rows come as DynamoDB answers them: through the SDK, page by page, without the network."""

import json
from base64 import b64encode
from collections.abc import Iterator, Sequence
from itertools import accumulate
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


def log_of(events: Sequence[Event]) -> DynamoLog:
    """A log that answers every query of a partition with these events, of one identifier, newest first."""
    texts = [_json(rows.to_item(each, DAYS * 86_400, "")) for each in reversed(events)]
    places = {each.sort: place for place, each in enumerate(reversed(events))}

    # The stubs know handlers without an answer alone; what one for "before-send" answers stands for the network.
    def answer(request: AWSRequest, **_: Any) -> Any:
        asked = json.loads(request.body)
        start = asked.get("ExclusiveStartKey")
        body = _page(texts, 1 + places[start["sk"]["S"]] if start else 0, asked["Limit"])
        return AWSResponse(str(request.url), 200, HTTPHeaders(), _Raw(body))

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


def _page(texts: Sequence[str], begin: int, most: int) -> bytes:
    """The answer with the rows from there on, as many as are asked for and fit."""
    sizes = accumulate(map(len, texts[begin : begin + most]))
    taken = sum(size <= _PAGE for size in sizes)
    key = json.loads(texts[begin + taken - 1]) if taken else {}
    last = _json({"pk": key["pk"], "sk": key["sk"]}) if begin + taken < len(texts) else ""
    more = f',"LastEvaluatedKey":{last}' if last else ""
    return f'{{"Items":[{",".join(texts[begin : begin + taken])}],"Count":{taken}{more}}}'.encode()


def _json(item: Any) -> str:
    return json.dumps(item, default=_base64, separators=(",", ":"))


def _base64(value: bytes) -> str:
    return b64encode(value).decode()
