"""Examples of a segment: short histories with the expected result, run at every save."""

from collections.abc import Mapping
from typing import Any

from functions.core.base.errors import Fault
from functions.core.base.events import Event
from functions.core.base.instants import holds
from functions.core.base.money import normalise
from functions.core.definitions.example_models import offset
from functions.core.scores.link import EXAMPLE_BORDERS, EXAMPLE_NOW, link
from functions.core.segments.engine.catalogue import Catalogue, compile_catalogue
from functions.core.segments.engine.evaluation import rebuild
from functions.core.segments.engine.snapshot import evaluate
from functions.core.segments.language.check import references
from functions.core.segments.operator import Node

# The time (seconds UTC) at which examples are evaluated, unless they give ``at``.
NOW = EXAMPLE_NOW
# Events that occur once per order, though several sources may send them.
_OF_ORDERS = ("Order Completed", "Store Purchase", "Order Cancelled")


def event_of(written: Mapping[str, Any], index: int, now: int = NOW) -> Event:
    """The event for a line of an example; amounts are in major units, of euros if it names no currency."""
    properties = {name: value for name, value in written.items() if name not in ("at", "event", "traits", "consent")}
    silent = "Consent Changed" if "consent" in written else "Identified"
    name, order = written.get("event") or silent, properties.get("order_id")
    at = now + offset(written["at"])
    return Event(
        name=name,
        time=at,
        received=at,
        identifiers=("user_id:example",),
        sort=f"1970-01-01T00:00:00.{index:03d}Z#example-{index}",
        source="example",
        properties=normalise(properties, "EUR"),
        traits=written.get("traits", {}),
        consent=written.get("consent"),
        natural=f"order:{order}" if name in _OF_ORDERS and order else None,
        revision=index,
    )


def run(body: Mapping[str, Any], others: Mapping[str, Node]) -> list[Fault]:
    """Return a fault for each example of a checked segment whose result is not the expected one.

    ``others`` are the conditions of segments that it may refer to, by id. RFM conditions are evaluated with fixed
    borders for examples.
    """
    needs = {name: others[name] for name in _needed(body["when"], others)}
    catalogues: dict[int, Catalogue] = {}
    faults = []
    for index, example in enumerate(body.get("examples", ())):
        events = [event_of(written, place) for place, written in enumerate(example.get("events", ()))]
        now = NOW + offset(example.get("at", 0))
        if now not in catalogues:
            drawn = {**EXAMPLE_BORDERS, "drawn": now}
            catalogues[now] = compile_catalogue(link({**needs, body["id"]: body["when"]}, {}, drawn))
        catalogue = catalogues[now]
        state = rebuild([event for event in events if event.time <= now], catalogue, now)
        answer = "in" if holds(evaluate(state, catalogue, now, [body["id"]])[body["id"]]) else "out"
        if answer != example["expect"]:
            name = example.get("name", index + 1)
            faults.append(Fault(f"example {name!r} is {answer}", f"examples[{index}].expect", suggestion=answer))
    return faults


def _needed(node: Node, others: Mapping[str, Node]) -> set[str]:
    needed: set[str] = set()
    waiting = references(node)
    while waiting:
        name = waiting.pop()
        if name in others and name not in needed:
            needed.add(name)
            waiting |= references(others[name])
    return needed
