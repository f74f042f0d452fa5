"""People who look, fill carts, buy and read e-mail, and how large their state is under a hundred segments."""

import random
from collections.abc import Iterator, Mapping
from typing import Any

from bench.definitions import CATEGORIES, COUNTRIES, loaded
from bench.table import Row
from bench.units import item_size
from functions.core.events import Event
from functions.core.profile import pack, unpack
from functions.core.segments import engine

SEGMENTS, EVENTS, PEOPLE = 100, 360, 100
NOW = 1_795_000_000
DAY = 86_400
# What stands in the hot item beside the packed state.
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


def history(chance: random.Random, person: int, count: int = EVENTS) -> Iterator[Event]:
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


def rows() -> list[Row]:
    """Bytes of the packed state and of the hot item, at the median and at the 95th percentile."""
    catalogue = loaded(SEGMENTS).catalogue
    chance = random.Random(1)
    sizes = sorted(_size(list(history(chance, person)), catalogue) for person in range(PEOPLE))
    around = item_size(AROUND)
    middle, high = sizes[len(sizes) // 2], sizes[len(sizes) * 95 // 100]
    what = f"{SEGMENTS} segments, {EVENTS} events"
    return [
        Row(f"packed state, median, {what}", middle, "bytes", 450),
        Row(f"packed state, 95th percentile, {what}", high, "bytes"),
        Row(f"hot item, 95th percentile, {what}", high + around, "bytes", 1024),
    ]


def _size(events: list[Event], catalogue: engine.Catalogue) -> int:
    packed = pack(engine.fresh(catalogue))
    for start in range(0, len(events), 20):
        state = unpack(packed, catalogue.names)
        packed = pack(engine.apply(state, events[start : start + 20], catalogue, NOW))
    return len(packed)
