"""People who look, fill carts, buy and read e-mail, and how many bytes their state has."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from bench.definitions import CATEGORIES, COUNTRIES, ruleset
from bench.table import Row
from bench.units import item_size
from functions.core.base.events import Event
from functions.core.profiles.state import pack, unpack
from functions.core.segments import engine

SEGMENTS, EVENTS = (10, 100, 1_000), (30, 100, 360, 2_000)
# What the design has budgets for, and of how many people it is measured; of fewer elsewhere.
USUAL, PEOPLE, FEW = (100, 360), 100, 20
# One segment in so many is acted on, by a flow or over the event bus.
ACTIVE = 5
NOW = 1_795_000_000
DAY = 86_400
# What stands in the item of part `state` beside the packed state.
AROUND: Mapping[str, Mapping[str, Any]] = {
    "pk": {"S": "0" * 20},
    "part": {"S": "state"},
    "s": {"B": b""},
    "v": {"N": "360"},
    "shard": {"S": "0"},
    "due": {"N": str(NOW)},
}
# How often each happens, in a hundred: what an ordinary customer of a shop does.
NAMES = {
    "Product Viewed": 38,
    "Page Viewed": 38,
    "Email Opened": 10,
    "Product Added": 6,
    "Email Link Clicked": 3,
    "Checkout Started": 3,
    "Order Completed": 2,
}


def history(chance: random.Random, person: int, count: int) -> Iterator[Event]:
    """A year of one person, busier towards its end."""
    for number in range(count):
        at = NOW - int(365 * DAY * chance.random() ** 2)
        name = chance.choices(list(NAMES), list(NAMES.values()))[0]
        yield Event(
            name=name,
            time=at,
            received=at,
            identifiers=(f"email:person{person}@mail.example",),
            sort=f"{number:06d}#{person}",
            source="bench",
            properties=_properties(chance, name, number),
            traits={"country": chance.choice(COUNTRIES)} if number == 0 else {},
            natural=f"order:{person}-{number}" if name == "Order Completed" else None,
        )


def _properties(chance: random.Random, name: str, number: int) -> dict[str, Any]:
    if name == "Order Completed":
        return {"order_id": str(number), "cart_id": f"c{number % 40}", "total": chance.randrange(500, 40_000)}
    if name in ("Checkout Started", "Product Added"):
        return {"cart_id": f"c{number % 40}", "category": chance.choice(CATEGORIES)}
    if name == "Email Opened":
        return {"campaign_name": chance.choice(CATEGORIES)}
    return {"category": chance.choice(CATEGORIES)} if name == "Product Viewed" else {}


def rows() -> Iterator[Row]:
    """Bytes of the packed state for each number of segments and of events, and of its item at the design's."""
    for segments in SEGMENTS:
        catalogue = ruleset(segments, ACTIVE).catalogue
        for events in EVENTS:
            packed = _sizes(catalogue, events, PEOPLE if (segments, events) == USUAL else FEW)
            middle, high = packed[len(packed) // 2], packed[len(packed) * 95 // 100]
            budget = 450 if (segments, events) == USUAL else None
            note = f"95th percentile {high:,}"
            yield Row(f"packed state, median, {segments:,} segments, {events:,} events", middle, "bytes", budget, note)
            if (segments, events) == USUAL:
                yield Row("item of part `state`, 95th percentile of these", high + item_size(AROUND), "bytes", 1024)
    for active, who in ((None, "none"), (1, "each")):
        packed = _sizes(ruleset(USUAL[0], active).catalogue, USUAL[1], FEW)
        yield Row(f"packed state of the usual, if {who} is active", packed[len(packed) // 2], "bytes")


def _sizes(catalogue: engine.Catalogue, events: int, people: int) -> list[int]:
    chance = random.Random(1)
    return sorted(_size(list(history(chance, person, events)), catalogue) for person in range(people))


def _size(events: list[Event], catalogue: engine.Catalogue) -> int:
    packed = pack(engine.fresh(catalogue))
    for start in range(0, len(events), 20):
        state = unpack(packed, catalogue.names, "")
        packed = pack(engine.apply(state, events[start : start + 20], catalogue, NOW))
    return len(packed)
