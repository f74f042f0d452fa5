"""Events' way through the whole local host: round trips, units, dollars, and events per second."""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from bench.bill import Bill, bill
from bench.table import Row
from bench.units import Meter
from cli import costs
from functions import wiring
from local.http.publish import publish_all
from local.runtime.host import Host, running
from local.runtime.lambda_events import LocalRequest

URL = "http://127.0.0.1:8787"
PEOPLE = 20
LATELY = 'id: lately\nname: Lately\nwhen: did "Cart Viewed" within 1 hour\nannounce: true\n'


class Shop:
    """A host with the shipped definitions, spoken to through its Segment API."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self._numbers = count()
        keys = host.keys()
        key = base64.b64encode(f"{keys['server_key']}:".encode()).decode()
        self.server_key = (("authorization", f"Basic {key}"),)
        self._key = (*self.server_key, ("content-type", "application/json"))
        self._token = (("authorization", f"Bearer {keys['admin_token']}"), ("content-type", "application/yaml"))

    def track(self, event: str, person: int) -> dict[str, Any]:
        """Somebody does something about a product."""
        properties = {"product_id": "501", "category": "Watches", "price": 129.5, "name": "Walnut watch"}
        message = f"m{next(self._numbers)}"
        return {"type": "track", "event": event, "messageId": message, "userId": f"u{person}", "properties": properties}

    def post(self, path: str, body: Any) -> None:
        """A call of the Segment HTTP API."""
        self._ask(LocalRequest("POST", f"/v1/{path}", headers=self._key, body=json.dumps(body).encode()))

    def ask_audience(self, device: str) -> None:
        """The shop's page asks in which segments the device's visitor is."""
        query = f"writeKey={self.host.keys()['write_key']}&anonymousId={device}"
        self._ask(LocalRequest("GET", "/v1/audience", query))

    def publish(self, segment: str, text: str) -> None:
        """Publish a segment."""
        self._ask(LocalRequest("PUT", f"/api/definitions/segments/{segment}", headers=self._token, body=text.encode()))

    def settle(self) -> None:
        """Let everything be folded."""
        self.host.scheduler.settle()

    def _ask(self, request: LocalRequest) -> None:
        answer = self.host.request(request)
        if answer.status != 200:
            raise RuntimeError(f"{request.path}: {answer.status} {answer.body!r}")


def rows() -> list[Row]:
    """This part of the table."""
    with opened() as shop:
        speed = _speed(shop)
        meter = metered(shop)
        return [*_rows(shop, meter), speed]


@contextmanager
def opened() -> Iterator[Shop]:
    """A fresh shop with people who are known."""
    with running(URL) as host:
        publish_all(host)
        shop = Shop(host)
        shop.publish("lately", LATELY)
        for person in range(PEOPLE):
            shop.post("identify", {"userId": f"u{person}", "traits": {"email": f"u{person}@mail.example"}})
            shop.post("track", shop.track("Product Viewed", person))
        shop.settle()
        # Whose first event is as old as this one may have been erased in between, for all that fold knows.
        host.scheduler.advance(int(time.time()) + 60)
        yield shop


def metered(shop: Shop) -> Meter:
    """Begin with new clients, whose calls are counted."""
    wiring.reset()
    meter = Meter(wiring.clients().session, shop.host.cloud.clients.get("dynamodb"))
    shop.post("track", shop.track("Product Viewed", 0))
    shop.settle()
    return meter


def _rows(shop: Shop, meter: Meter) -> Iterator[Row]:
    def singles(event: str) -> Callable[[], None]:
        return lambda: _alone(shop, [("track", shop.track(event, person)) for person in range(PEOPLE)])

    batches = [("batch", {"batch": [shop.track("Product Viewed", each) for _ in range(5)]}) for each in range(PEOPLE)]
    requests = [("track", shop.track("Product Viewed", person)) for person in range(PEOPLE)]
    answered = bill(shop.host, meter, PEOPLE, lambda: _at_once(shop, requests))
    shop.settle()
    single = bill(shop.host, meter, PEOPLE, singles("Product Viewed"))
    batch = bill(shop.host, meter, 5 * PEOPLE, lambda: _alone(shop, batches))
    _alone(shop, [("track", shop.track("Cart Viewed", person)) for person in range(PEOPLE)])

    timer = bill(shop.host, meter, PEOPLE, lambda: shop.host.scheduler.advance(int(time.time()) + 7200))
    yield Row("round trips before the answer", answered.trips, "calls", 1)
    yield Row("round trips after it, of fold and react", single.trips - answered.trips, "calls")
    yield Row("read units, single event", single.reads, "units", 1.5)
    yield Row("write units, single event, log included", single.writes, "units", 2)
    yield from _dollars(single, batch, timer)


def _dollars(single: Bill, batch: Bill, timer: Bill) -> Iterator[Row]:
    for what, cost, budget in (
        ("single events of known people", single, 3.0),
        ("events in batches of five", batch, 1.5),
        (f"timers, {PEOPLE} at once, each announced", timer, None),
    ):
        note = f"{costs.prices()['region']}: {cost.shares}"
        yield Row(f"dollars per million {what}", cost.dollars, "$", budget, note)


def _at_once(shop: Shop, requests: list[tuple[str, Any]]) -> None:
    for path, body in requests:
        shop.post(path, body)


def _alone(shop: Shop, requests: list[tuple[str, Any]]) -> None:
    """Let each request be folded before the next comes: no two share a call."""
    for path, body in requests:
        shop.post(path, body)
        shop.settle()


def _speed(shop: Shop) -> Row:
    starts = range(PEOPLE, PEOPLE + 500, 50)
    batches = [[shop.track("Product Viewed", start + each) for each in range(50)] for start in starts]
    begin = time.perf_counter()
    for events in batches:
        shop.post("batch", {"batch": events})
    shop.settle()
    spent = time.perf_counter() - begin
    return Row("events per second through the local host, new people", 500 / spent, "events/s")
