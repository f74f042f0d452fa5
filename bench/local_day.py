"""``python -m bench.local_day [people]``: a day of the local host's clock with a shop full of people, and one without.

Everybody comes through the public doors: an identify with consent, a started checkout, and a third of them an order.
Their times lie spread over the last fifty minutes, so that what falls due falls due second by second.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bench.path import URL, Shop
from bench.table import Row, show
from local.host import running
from local.publish import publish_all

PEOPLE = 2_000
BATCH = 50
SPREAD = 3_000
DAY = 86_400


def rows(people: int = PEOPLE) -> list[Row]:
    """This part of the table."""
    with running(URL) as host:
        publish_all(host)
        shop = Shop(host)
        empty = _timed(lambda: host.pump.advance(int(time.time()) + DAY))
        took = _timed(lambda: _arrive(shop, people))
        day = _timed(lambda: host.pump.advance(int(time.time()) + DAY))
        mails, failures = len(host.mailbox.mails), host.failures.count
    events = sum(len(_life(number, 0)) for number in range(people))
    return [
        Row("a day in which nothing is due", empty[0], "s", 0.2, f"{empty[1]:.2f} s of processor"),
        Row("events taken and folded, per second of processor", events / took[1], "events/s", None),
        Row(f"a day with {people} people", day[0], "s", 15, f"{day[1]:.1f} s of processor; {mails} e-mails"),
        Row("a day with them, per person and processor", 1000 * day[1] / people, "ms", None, f"{failures} failures"),
    ]


def _arrive(shop: Shop, people: int) -> None:
    now = int(time.time())
    for start in range(0, people, BATCH):
        told = [event for number in range(start, min(start + BATCH, people)) for event in _life(number, now)]
        shop.post("batch", {"batch": told})
        shop.settle()


def _life(number: int, now: int) -> list[dict[str, Any]]:
    """What one person did: signed up, started a checkout, and every third bought."""
    at = now - SPREAD + number * 7_919 % (SPREAD - 600)
    who = {"userId": f"u{number}"}
    cart = {"cart_id": f"c{number}", "value": 59.9, "currency": "EUR"}
    cart["products"] = [{"product_id": "p1", "name": "Mug", "price": 59.9, "quantity": 1}]
    traits = {"email": f"u{number}@mail.example", "first_name": "Ann", "email_marketing_consent": "subscribed"}
    told = [
        {**who, "type": "identify", "traits": traits, "timestamp": _text(at)},
        {**who, "type": "track", "event": "Checkout Started", "properties": cart, "timestamp": _text(at + 5)},
    ]
    if number % 3 == 0:
        order = {**cart, "order_id": f"o{number}", "total": 59.9}
        bought = {"type": "track", "event": "Order Completed", "properties": order, "timestamp": _text(at + 500)}
        told.append({**who, **bought})
    return [{**event, "messageId": f"m{number}-{place}"} for place, event in enumerate(told)]


def _text(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat().replace("+00:00", "Z")


def _timed(deed: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the wall and of the processor."""
    began, used = time.perf_counter(), time.process_time()
    deed()
    return time.perf_counter() - began, time.process_time() - used


if __name__ == "__main__":
    show("A day of the local clock", rows(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
