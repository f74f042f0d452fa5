"""Segments of the kinds that shops write, as many as wanted, and how long they take to compile on a cold start."""

import time
from typing import Any

from bench.table import Row
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import Ruleset, load
from functions.core.segments.language import parser

CATEGORIES = ("Watches", "Lamps", "Chairs", "Rugs", "Books", "Toys", "Shoes", "Tea", "Bags", "Prints")
COUNTRIES = ("DE", "FR", "IE", "ES", "IT")
BUDGETS = {100: 10, 1000: 50}

KINDS = (
    'did "Product Viewed" where category = "{category}" at least {few} times within {days} days',
    'sum of total over "Order Completed" within {days} days > {amount}',
    'did any of ("Checkout Started", "Product Added") then not "Order Completed" for {hours} hours by cart_id '
    "within 30 days",
    'did "Order Completed" where total > {amount} within {days} days',
    'last "Order Completed" more than {days} days ago',
    'trait country = "{country}" and did "Page Viewed" at least {few} times within {days} days',
    'did "Email Opened" where campaign_name = "{category}" within {days} days',
    'did "Order Completed" and not did "Email Link Clicked" within {days} days',
    'did "Product Added" where category = "{category}" within {hours} hours',
    'not did "Order Completed" within {days} days and did "Product Viewed" within {hours} hours',
)


def text(number: int) -> str:
    """The condition of the so-manieth segment; no two are alike."""
    return KINDS[number % len(KINDS)].format(
        category=CATEGORIES[number // 10 % 10],
        country=COUNTRIES[number // 10 % 5],
        few=2 + number // 10 % 4,
        days=(1, 7, 14, 30, 60, 90, 120, 180)[number // 10 % 8] + number // 80,
        hours=(1, 2, 6, 12, 24, 48)[number // 10 % 6] + number // 60,
        amount=25 * (1 + number // 10),
    )


def stored(count: int, active: int | None = None) -> list[Definition]:
    """Segments as the table holds them, in their JSON form; one in ``acted`` is announced."""
    return [_definition(number, active is not None and number % active == 0) for number in range(count)]


def _definition(number: int, announced: bool) -> Definition:
    name = f"segment-{number}"
    body: dict[str, Any] = {"id": name, "name": name, "when": parser.parse(text(number)), "announce": announced}
    return Definition("segments", name, 1, "", body, "bench", 0)


def ruleset(count: int, active: int | None = None) -> Ruleset:
    """So many segments, compiled."""
    return load(stored(count, active), 1)


def rows() -> list[Row]:
    """Compile time of the processor, the least of several."""
    result = []
    for count, budget in BUDGETS.items():
        definitions = stored(count)
        least = min(_compile(definitions) for _ in range(7))
        result.append(Row(f"compile {count:,} segments", least * 1000, "ms", budget))
    return result


def _compile(definitions: list[Definition]) -> float:
    begin = time.process_time()
    load(definitions, 1)
    return time.process_time() - begin
