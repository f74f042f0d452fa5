"""A destination, transitions and ports for the tests of deliveries."""

import json
from collections.abc import Sequence

from functions.core.base.errors import Unsupported
from functions.core.deliveries.records import Configuration, HttpRequest, Item, ReceiverAnswer
from functions.core.profiles.transition import Transition
from functions.destinations import find
from functions.destinations.base import Destination, Failed, Limit
from functions.destinations.http import refused_by_status

BUS = find("eventbus")
ENTERED = Transition("p1", "buyers", True, 100, "event", 7)


def _item(transition: Transition) -> Item:
    if transition.segment == "secret":
        raise Unsupported("pager", "a pager has no place for it")
    return Item(transition.key, transition.name, json.dumps(transition.segment))


def _request(items: Sequence[Item], configuration: Configuration, now: int) -> HttpRequest:
    body = ",".join(item.body for item in items).encode()
    return HttpRequest(configuration["url"], body, {"at": str(now)})


def _refused(answer: ReceiverAnswer, count: int) -> Failed:
    return refused_by_status("pager", answer, count)


PAGER = Destination(
    key="pager",
    label="Pager",
    item=_item,
    request=_request,
    refused=_refused,
    example=ENTERED,
    limit=Limit(items=2, bytes=40),
    secret="pager",
    settings={"url": "where it is"},
)
