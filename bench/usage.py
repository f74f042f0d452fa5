"""``python -m bench.usage``: measure what events, timers and e-mails use and what rows take, and write cli/usage.json.

The real functions on the local host, whose calls are counted (bench/bill.py). What a month of a person has is assumed:
it stands in the same file and is kept.
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.bill import Bill, bill
from bench.local_day import checks_out, signs_up
from bench.path import PEOPLE, Shop, metered, opened
from bench.units import Meter, item_size
from functions.topology import TABLES

PATH = Path(__file__).parents[1] / "cli/usage.json"
HOUR = 3_600
# What DynamoDB keeps beside each row, and beside each row of an index: https://aws.amazon.com/dynamodb/pricing/
BESIDE = 100
# What a person of an average month does, and for how many months (log_retention_days) it is kept.
MONTH = {"single": 1, "together": 9, "timer": 1, "email": 2, "audience": 0, "months_kept": 24}


def measured() -> dict[str, Any]:
    """What ``usage.json`` says."""
    with opened() as shop:
        meter = metered(shop)
        products = [shop.track("Product Viewed", person) for person in range(PEOPLE)]
        single = bill(shop.host, meter, PEOPLE, lambda: _send_all(shop, "track", products))
        batches = [{"batch": [shop.track("Product Viewed", each) for _ in range(5)]} for each in range(PEOPLE)]
        together = bill(shop.host, meter, 5 * PEOPLE, lambda: _send_all(shop, "batch", batches))
        _send_all(shop, "track", [shop.track("Cart Viewed", person) for person in range(PEOPLE)])
        timer = bill(shop.host, meter, PEOPLE, lambda: shop.host.scheduler.advance(int(time.time()) + 2 * HOUR))
        rows = {"profile": _bytes(shop, "profiles", "identifiers") / PEOPLE, "event": _row(shop, "log")}
        email = _email(shop, meter)
        rows["message"] = _row(shop, "messages") + _row(shop, "runs")
    each = {"single": _used(single), "together": _used(together), "timer": _used(timer)}
    each |= {"email": _used(email) | {"messages": 1.0}, "audience": _used(_audience())}
    return {
        "what": "written by python -m bench.usage: what one of each uses, bytes of rows, and what a month is taken for",
        "each": each,
        "rows": {name: round(size) for name, size in rows.items()},
        "month": MONTH,
    }


def _audience() -> Bill:
    """The page asks about visitors who are known, each by the one device that it has."""
    with opened() as shop:
        meter = metered(shop)
        return _asked(shop, meter)


def _asked(shop: Shop, meter: Meter) -> Bill:
    visitors = [
        {**shop.track("Product Viewed", each), "userId": None, "anonymousId": f"d{each}"} for each in range(PEOPLE)
    ]
    _send_all(shop, "track", visitors)
    shop.ask_audience("d0")

    def act() -> None:
        for each in range(PEOPLE):
            shop.ask_audience(f"d{each}")

    return bill(shop.host, meter, PEOPLE, act)


def _email(shop: Shop, meter: Meter) -> Bill:
    """Somebody leaves a cart and gets an e-mail: the event that leads there, the timers and the run count too."""
    begun = int(time.time()) + 3 * HOUR
    people = [{"userId": f"u{person}", "messageId": f"s{person}"} for person in range(PEOPLE)]
    _send_all(shop, "identify", [{**signs_up(person, begun), **each} for person, each in enumerate(people)])
    before = len(shop.host.mailbox.mails)

    def act() -> None:
        carts = [{"userId": f"u{person}", "messageId": f"c{person}"} for person in range(PEOPLE)]
        _send_all(shop, "track", [{**checks_out(person, begun), **each} for person, each in enumerate(carts)])
        shop.host.scheduler.advance(begun + 3 * HOUR)

    found = bill(shop.host, meter, PEOPLE, act)
    assert len(shop.host.mailbox.mails) - before == PEOPLE
    return found


def _send_all(shop: Shop, path: str, bodies: Iterable[Mapping[str, Any]]) -> None:
    """Requests, each folded before the next comes."""
    for body in bodies:
        shop.post(path, body)
        shop.settle()


def _used(found: Bill) -> dict[str, float]:
    return {name: round(amount, 7) for name, amount in found.used().items() if amount}


def _row(shop: Shop, table: str) -> float:
    items = _items(shop, table)
    return _bytes(shop, table) / len(items)


def _bytes(shop: Shop, *tables: str) -> float:
    """Bytes that the tables take, with their indexes."""
    kept = 0
    for row in (row for row in TABLES if row.name in tables):
        for item in _items(shop, row.name):
            kept += item_size(item) + BESIDE
            keys = [row.hash, *filter(None, [row.range])]
            for index in row.indexes:
                names = {*keys, index.hash, index.range, *index.include}
                if index.hash in item:
                    kept += BESIDE + item_size({name: item[name] for name in names if name in item})
    return kept


def _items(shop: Shop, table: str) -> list[Any]:
    items: Callable[..., Any] = shop.host.cloud.clients.get("dynamodb").scan
    return list(items(TableName=f"segue-{table}")["Items"])


if __name__ == "__main__":
    PATH.write_text(json.dumps(measured(), indent=2) + "\n", encoding="utf-8")
