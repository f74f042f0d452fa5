"""``python -m bench.local_day [people]``: a day of the local host's clock with a shop full of people, and one without.

Everybody comes through the public doors. In the ordinary shop people looked at products over the last two months,
every third ordered, and every tenth started a checkout within the last hour. In the shop at its busiest everybody
did that, so that everybody gets an e-mail. Times are spread so that what falls due falls due second by second.
"""

import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from bench.path import URL, Shop
from bench.table import Row, show
from local.http.publish import publish_all
from local.runtime.host import running

PEOPLE = 2_000
BATCH = 50
HOUR, DAY = 3_600, 86_400

Event = dict[str, Any]
# What one person did, by number and now.
Life = Callable[[int, int], Iterable[Event]]


def rows(people: int = PEOPLE) -> list[Row]:
    """This part of the table."""
    return [*_day("an ordinary day", _ordinary, people), *_day("a day with an e-mail for everybody", _busiest, people)]


def _day(name: str, life: Life, people: int) -> list[Row]:
    with running(URL) as host:
        publish_all(host)
        shop = Shop(host)
        empty = _timed(lambda: host.scheduler.advance(int(time.time()) + DAY))
        took = _timed(lambda: _arrive(shop, life, people))
        day = _timed(lambda: host.scheduler.advance(int(time.time()) + DAY))
        mails, failures = len(host.mailbox.mails), host.failures.count
    events = sum(len(list(life(number, DAY))) for number in range(people))
    return [
        Row(f"{name}: without people", empty[0], "s", 0.2, f"{empty[1]:.2f} s of processor"),
        Row(f"{name}: events taken and folded", events / took[1], "events/s", None, "a second of processor"),
        Row(f"{name}: {people:,} people", day[0], "s", 15, f"{day[1]:.1f} s of processor; {mails} e-mails"),
        Row(f"{name}: a person", 1000 * day[1] / people, "ms", None, f"of processor; {failures} failures"),
    ]


def _arrive(shop: Shop, life: Life, people: int) -> None:
    now = int(time.time())
    for start in range(0, people, BATCH):
        events = [event for number in range(start, min(start + BATCH, people)) for event in _named(number, life, now)]
        shop.post("batch", {"batch": events})
        shop.settle()


def _named(number: int, life: Life, now: int) -> Iterable[Event]:
    for place, event in enumerate(life(number, now)):
        yield {**event, "userId": f"u{number}", "messageId": f"m{number}-{place}"}


def _busiest(number: int, now: int) -> Iterable[Event]:
    """Signed up, started a checkout, and every third bought: all in the last hour."""
    at = now - 3_000 + number * 7_919 % 2_400
    yield signs_up(number, at)
    yield checks_out(number, at + 5)
    if number % 3 == 0:
        yield _orders(number, at + 500)


def _ordinary(number: int, now: int) -> Iterable[Event]:
    """Signed up in the last two months and looked around; some ordered then, some left a cart just now."""
    at = now - number % 60 * DAY - HOUR
    yield signs_up(number, at)
    for product in ("p1", "p2", "p3"):
        at += 10
        yield _track("Product Viewed", at, {"product_id": product, "name": "Mug", "price": 59.9, "currency": "EUR"})
    if number % 3 == 0:
        yield _orders(number, at + 500)
    if number % 10 == 0:
        yield checks_out(number, now - 3_000 + number % 2_400, cart=f"d{number}")


def signs_up(number: int, at: int) -> Event:
    traits = {"email": f"u{number}@mail.example", "first_name": "Ann", "email_marketing_consent": "subscribed"}
    return {"type": "identify", "traits": traits, "timestamp": _text(at)}


def checks_out(number: int, at: int, cart: str = "") -> Event:
    return _track("Checkout Started", at, {**_cart(number), "cart_id": cart or f"c{number}", "value": 59.9})


def _orders(number: int, at: int) -> Event:
    return _track("Order Completed", at, {**_cart(number), "order_id": f"o{number}", "total": 59.9})


def _cart(number: int) -> Event:
    products = [{"product_id": "p1", "name": "Mug", "price": 59.9, "quantity": 1}]
    return {"cart_id": f"c{number}", "currency": "EUR", "products": products}


def _track(name: str, at: int, properties: Event) -> Event:
    return {"type": "track", "event": name, "properties": properties, "timestamp": _text(at)}


def _text(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat().replace("+00:00", "Z")


def _timed(deed: Callable[[], None]) -> tuple[float, float]:
    """Seconds on the wall and of the processor."""
    began, used = time.perf_counter(), time.process_time()
    deed()
    return time.perf_counter() - began, time.process_time() - used


if __name__ == "__main__":
    show("A day of the local clock", rows(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
