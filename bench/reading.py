"""``python -m bench.reading [events …]``: how long the API takes to show one person who did very much.

The person looks at products, reads e-mails, fills carts and orders, for a year; the shipped definitions are in force.
The rows of the log come as DynamoDB answers them and are read by the SDK (``bench/stored_log.py``); other ports are in
memory. What the network adds is not there: a round trip for each thousand rows.
"""

import gc
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any, cast

from bench.stored_log import log_of
from bench.table import Row, show
from cli.folder import find
from functions.core.base.events import Event
from functions.core.definitions.ruleset import load
from functions.usecases import explain, people
from functions.usecases.context import Context
from functions.usecases.fold import fold
from functions.usecases.publish_together import publish_together
from local.http.publish import DEFINITIONS
from tests.flow.in_memory_app import InMemoryApp

NOW, YEAR = 1_795_000_000, 365 * 86_400
SIZES = (1_000, 10_000)
WHO = "email:ann@x.org"
SEGMENTS = ("engagement-warm", "window-shoppers", "cart-abandoned", "rfm-champions")


def shop() -> InMemoryApp:
    """A shop with the shipped definitions."""
    app = InMemoryApp(now=NOW - YEAR - 1)
    texts = {(each.kind, each.id): each.text() for each in find([DEFINITIONS])}
    publish_together(app.context, texts, "bench")
    app.ruleset = load(app.definitions.current(), app.definitions.revision())
    app.now = NOW
    return app


def year(count: int) -> Iterator[Event]:
    """So many events of one person, evenly over the year before NOW."""
    for number in range(count):
        yield _event(number, NOW - YEAR + (number + 1) * YEAR // count)


def _event(number: int, at: int) -> Event:
    cart = {"cart_id": f"c{number // 20}", "currency": "EUR"}
    product = {"product_id": f"p{number % 500}", "category": "Smartphones", "price": Decimal(4999)}
    name, properties = {
        5: ("Email Opened", {}),
        11: ("Product Added", {**cart, **product, "quantity": 1}),
        13: ("Checkout Started", {**cart, "value": Decimal(4999), "products": [product]}),
        19: ("Order Completed", {**cart, "order_id": f"o{number}", "total": Decimal(4999), "products": [product]}),
    }.get(number % 20, ("Product Viewed", product))
    if name == "Order Completed" and number % 60 != 59:
        name, properties = "Product Viewed", product
    sort = f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.000Z#{number}"
    natural = f"order:o{number}" if name == "Order Completed" else None
    return Event(name, at, at, (WHO,), sort, "bench", properties, natural=natural)


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[Row]:
    """This part of the table: seconds of the processor."""
    for count in sizes:
        app, events = shop(), list(year(count))
        app.log.append(events)
        for start in range(0, count, 100):
            assert fold(app.context, events[start : start + 100]) == {}
        app.log = cast("Any", log_of(events))
        yield from _asked(app.context, count)


def _asked(context: Context, count: int) -> Iterator[Row]:
    person = people.by_identifier(context, WHO)
    # As in an environment that has answered before: the SDK has read its description of DynamoDB, and the collector of
    # garbage looks at no more than what the answer makes (functions/entry.py).
    context.ports.log.read_several([WHO])
    gc.collect()
    gc.freeze()
    yield _row(f"{count:,} events: their rows alone", lambda: context.ports.log.read_several([WHO]))
    yield _row(f"{count:,} events: the profile", lambda: people.view(context, person))
    yield _row(f"{count:,} events: the list of events", lambda: people.events(context, person, 100))
    for segment in SEGMENTS:
        for when, at in (("now", NOW), ("half a year ago", NOW - YEAR // 2)):
            question = partial(explain.explain, context, person, segment, at)
            yield _row(f"{count:,} events: {segment} explained, {when}", question)


def _row(what: str, question: Callable[[], Any]) -> Row:
    begin = time.process_time()
    question()
    return Row(what, time.process_time() - begin, "s", 1)


if __name__ == "__main__":
    show("One person with many events", rows(tuple(map(int, sys.argv[1:])) or SIZES))
