"""Segments that every rule library can express once somebody counts for it, spread over sixty kinds of events."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from functions.core.base.events import Event

DAY = 86_400
NAMES = ("Product Viewed", "Product Added", "Order Completed", "Email Opened", "Page Viewed", "Checkout Started")
CATEGORIES = ("Watches", "Lamps", "Chairs", "Rugs", "Books", "Toys", "Shoes", "Tea", "Bags", "Prints")
DAYS = (1, 7, 14, 30, 60, 90, 180)
# One to three conditions, joined as marketers join them; the letters are the conditions.
SHAPES = ("A", "A", "A and B", "A or B", "A and not B", "(A and B) or C", "A and (B or not C)")


class Fact(NamedTuple):
    """A number that a rule library must be handed: of the events of a name and category in the last so many days.

    ``count`` is how many; ``sum`` their total in cents; ``ago`` whole days since the latest ever, -1 for none.
    """

    measure: str
    event: str
    category: str
    days: int


class Leaf(NamedTuple):
    """A fact, compared."""

    fact: Fact
    compare: str
    value: int

    def node(self) -> dict[str, Any]:
        """The condition in our form."""
        measure, event, category, days = self.fact
        where = {"property": "category", "compare": "=", "value": category}
        head: dict[str, Any] = {"events": [event], "where": where}
        if measure == "ago":
            return {"op": "last", **head, "more than": f"{self.value} days"}
        if measure == "sum":
            amount = {"property": "total", "compare": self.compare, "value": self.value // 100}
            return {"op": "sum", **head, "within": f"{days} days", **amount}
        bound = "at least" if self.compare == ">=" else "at most"
        return {"op": "did", **head, "count": {bound: self.value}, "within": f"{days} days"}


@dataclass(frozen=True, slots=True)
class Written:
    """A segment: its number, its shape, and what the letters stand for."""

    number: int
    shape: str
    leaves: Mapping[str, Leaf]

    @property
    def name(self) -> str:
        return f"segment-{self.number}"

    def node(self) -> dict[str, Any]:
        """The segment in our form."""
        a, b, c = (self.leaves[letter].node() if letter in self.leaves else {} for letter in "ABC")
        return {
            "A": a,
            "A and B": {"op": "and", "of": [a, b]},
            "A or B": {"op": "or", "of": [a, b]},
            "A and not B": {"op": "and", "of": [a, {"op": "not", "of": b}]},
            "(A and B) or C": {"op": "or", "of": [{"op": "and", "of": [a, b]}, c]},
            "A and (B or not C)": {"op": "and", "of": [a, {"op": "or", "of": [b, {"op": "not", "of": c}]}]},
        }[self.shape]

    @property
    def events(self) -> set[tuple[str, str]]:
        """The names and categories of the events that it mentions."""
        return {(leaf.fact.event, leaf.fact.category) for leaf in self.leaves.values()}


def generated(count: int, seed: int = 1) -> list[Written]:
    """So many segments; the first of more are the same."""
    chance = random.Random(seed)
    return [_one(chance, number) for number in range(count)]


def _one(chance: random.Random, number: int) -> Written:
    shape = chance.choice(SHAPES)
    return Written(number, shape, {letter: _leaf(chance) for letter in "ABC" if letter in shape})


def _leaf(chance: random.Random) -> Leaf:
    name, category, days = chance.choice(NAMES), chance.choice(CATEGORIES), chance.choice(DAYS)
    kind = chance.random()
    if kind < 0.25:
        return Leaf(Fact("ago", name, category, 0), ">=", days)
    if kind < 0.5:
        return Leaf(Fact("sum", "Order Completed", category, days), ">", 5000 * chance.randrange(1, 20))
    return Leaf(Fact("count", name, category, days), chance.choice((">=", ">=", "<=")), chance.randrange(1, 5))


def events(chance: random.Random, times: list[int], start: int = 0) -> Iterator[Event]:
    """An event at each of the times, of any name and category."""
    for number, at in enumerate(times, start):
        name = chance.choices(NAMES, (35, 8, 5, 12, 35, 5))[0]
        total = {"total": chance.randrange(500, 40_000), "currency": "EUR"} if name == "Order Completed" else {}
        yield Event(
            name=name,
            time=at,
            received=at,
            identifiers=("email:somebody@mail.example",),
            sort=f"{number:06d}#e",
            source="bench",
            properties={"category": chance.choice(CATEGORIES), **total},
            natural=f"order:{number}" if total else None,
        )


def facts_at(facts: list[Fact], history: list[Event], now: int) -> list[int]:
    """What the facts are at an instant."""
    events_by_name: dict[tuple[str, str], list[Event]] = {}
    for event in history:
        events_by_name.setdefault((event.name, event.properties["category"]), []).append(event)
    return [_fact(fact, events_by_name.get((fact.event, fact.category), []), now) for fact in facts]


def _fact(fact: Fact, events: list[Event], now: int) -> int:
    if fact.measure == "ago":
        return (now - max(event.time for event in events)) // DAY if events else -1
    recent = [event for event in events if event.time > now - fact.days * DAY]
    if fact.measure == "count":
        return len(recent)
    return sum(event.properties["total"] for event in recent)
