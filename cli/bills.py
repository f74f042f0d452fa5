"""What events, messages and people cost, by what ``python -m bench.usage`` has measured and by the price list.

A month is one of a shop that many people visit; how much each of them does stands in ``usage.json`` (``month``).
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from cli.costs import Line, price

MILLION, THOUSAND = 10**6, 10**3
SIZES = (100_000, 1_000_000, 10_000_000)
GIGABYTE = 10**9
# The most of it that the price before holds for, and the price from there on.
_HTTP = ((0, "HTTP API request"), (300 * MILLION, "HTTP API request above 300 million"))
_TIME = (
    (0, "Lambda gigabyte and second, arm64"),
    (7.5e9, "Lambda gigabyte and second, arm64, above 7.5 billion"),
    (18.75e9, "Lambda gigabyte and second, arm64, above 18.75 billion"),
)
# By the name in usage.json: what it is called, and its prices.
_PAID: Mapping[str, tuple[str, tuple[tuple[float, str], ...]]] = {
    "requests": ("HTTP API", _HTTP),
    "logged": ("access log", ((0, "CloudWatch gigabyte of logs"),)),
    "writes": ("DynamoDB writes", ((0, "DynamoDB write unit, on demand"),)),
    "reads": ("DynamoDB reads", ((0, "DynamoDB read unit, on demand"),)),
    "calls": ("Lambda requests", ((0, "Lambda request"),)),
    "gigabyte_seconds": ("Lambda time", _TIME),
    "queued": ("SQS", ((0, "SQS request"),)),
    "announced": ("event bus", ((0, "EventBridge event"),)),
    "messages": ("SES", ((0, "SES message"),)),
    "stored": ("storage", ((0, "DynamoDB gigabyte and month"),)),
    "restorable": ("backup of the last 35 days (PITR)", ((0, "DynamoDB backup, gigabyte and month"),)),
}
_ACCESS_LINE = 200

Usage = Mapping[str, float]


@cache
def usage() -> Mapping[str, Any]:
    """What was measured: ``each`` kind of event and message, bytes of rows (``rows``), and what a ``month`` has."""
    found: Mapping[str, Any] = json.loads(Path(__file__).with_name("usage.json").read_text(encoding="utf-8"))
    return found


def of(used: Usage, times: float = 1) -> list[Line]:
    """Dollars for so many of what uses this, by what they are paid for; an access log has a line a request."""
    amounts = {"logged": used.get("requests", 0) * _ACCESS_LINE / GIGABYTE, **used}
    return [
        Line(_PAID[name][0], amounts[name] * times, _tiered(_PAID[name][1], amounts[name] * times))
        for name in _PAID
        if amounts.get(name)
    ]


def _tiered(tiers: tuple[tuple[float, str], ...], amount: float) -> float:
    borders = pairwise([*tiers, (float("inf"), "")])
    return sum(max(0.0, min(amount, until) - since) * price(paid) for (since, paid), (until, _) in borders)


def million(kind: str) -> list[Line]:
    """A million of this kind: ``single``, ``together``, ``timer``, ``audience``."""
    return of(usage()["each"][kind], MILLION)


def emails() -> list[Line]:
    """A thousand e-mails about carts, with the event, the timers and the run that lead to each."""
    return of(usage()["each"]["email"], THOUSAND)


def month(people: int) -> list[Line]:
    """A month with so many people, beside what an idle month costs."""
    return of(dict(_monthly(people)))


def _monthly(people: int) -> Iterator[tuple[str, float]]:
    """What so many people use in a month, by its name in usage.json."""
    a_month, rows = usage()["month"], usage()["rows"]
    used: Counter[str] = Counter()
    for kind, each in usage()["each"].items():
        for name, amount in each.items():
            used[name] += amount * a_month[kind] * people
    events = (a_month["single"] + a_month["together"]) * people
    stored = people * rows["profile"] + events * a_month["months_kept"] * rows["event"]
    stored += a_month["email"] * people * a_month["months_kept"] * rows["message"]
    yield from used.items()
    yield "stored", stored / GIGABYTE
    yield "restorable", stored / GIGABYTE


def table() -> Iterator[tuple[str, list[float]]]:
    """By what is paid for, dollars of a month with 100 k, 1 M and 10 M people, and their sum."""
    months = [{line.what: line.dollars for line in month(people)} for people in SIZES]
    yield from ((what, [each[what] for each in months]) for what in months[0])
    yield "all of it", [sum(each.values()) for each in months]


def total(lines: list[Line]) -> float:
    """Their dollars together."""
    return sum(line.dollars for line in lines)
