"""Examples of a segment: short histories and what they must come to. Run at every save."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from functions.core.base import spans
from functions.core.base.errors import Fault, Refused
from functions.core.base.events import Event
from functions.core.base.instants import holds
from functions.core.base.money import normalise
from functions.core.scores.link import EXAMPLE_BORDERS, EXAMPLE_NOW, link
from functions.core.segments.engine.catalogue import Catalogue, compile_catalogue
from functions.core.segments.engine.evaluation import rebuild
from functions.core.segments.engine.snapshot import evaluate
from functions.core.segments.language.check import references
from functions.core.segments.language.fields import nearest
from functions.core.segments.operator import Node
from functions.core.timelines.entry import STRICTNESS

# The moment at which examples are evaluated, unless they say ``at``.
NOW = EXAMPLE_NOW
MOST_EXAMPLES = 50
MOST_EVENTS = 200
FURTHEST = 3653 * 86_400
EXAMPLE_KEYS = ("name", "events", "expect", "at")
EXPECTED = ("in", "out")
# What happens once to an order, whoever tells it.
_AGO = re.compile(r"\s*(\d{1,6})\s*(second|minute|hour|day|week)s?\s+ago\s*")
_OF_ORDERS = ("Order Completed", "Store Purchase", "Order Cancelled")


def offset(written: Any, where: str = "") -> int:
    """Seconds of ``-26h`` or ``+30m``; raises Refused."""
    sign, rest = 1, str(written).strip()
    if rest in ("0", "now"):
        return 0
    if rest[:1] in ("-", "+"):
        sign, rest = (-1 if rest[0] == "-" else 1), rest[1:]
    found = spans.parse(rest, where)
    if found > FURTHEST:
        raise Refused(Fault("an example reaches at most 3653 days", where))
    return sign * found


def check(examples: Any) -> Iterator[Fault]:
    """What is wrong with how the examples are written."""
    if not isinstance(examples, list) or len(examples) > MOST_EXAMPLES:
        yield Fault(f"a list of at most {MOST_EXAMPLES} examples", "examples")
        return
    for index, example in enumerate(examples):
        yield from _check_example(example, f"examples[{index}]")


def _check_example(example: Any, where: str) -> Iterator[Fault]:
    if not isinstance(example, Mapping):
        yield Fault("an example has events and what to expect", where, suggestion="expect: in")
        return
    for name in example:
        if name not in EXAMPLE_KEYS:
            yield Fault(
                f"{name!r} is not part of an example", f"{where}.{name}", suggestion=nearest(name, EXAMPLE_KEYS)
            )
    if example.get("expect") not in EXPECTED:
        hint = nearest(example.get("expect"), EXPECTED) or "in"
        yield Fault("expect is in or out", f"{where}.expect" if "expect" in example else where, suggestion=hint)
    if "at" in example:
        yield from _check_offset(example["at"], f"{where}.at")
    events = example.get("events", [])
    if not isinstance(events, list) or len(events) > MOST_EVENTS:
        yield Fault(f"a list of at most {MOST_EVENTS} events", f"{where}.events")
        return
    for index, event in enumerate(events):
        yield from _check_event(event, f"{where}.events[{index}]")


def _check_offset(written: Any, where: str) -> Iterator[Fault]:
    try:
        offset(written, where)
    except Refused as refused:
        ago = _AGO.fullmatch(str(written))
        hint = f"-{ago[1]}{ago[2][0]}" if ago else None
        yield from (replace(fault, suggestion=hint or fault.suggestion) for fault in refused.faults)


def _check_event(event: Any, where: str) -> Iterator[Fault]:
    if not isinstance(event, Mapping):
        yield Fault("an event says when and what: {at: -1h, event: Product Viewed}", where)
        return
    if "at" not in event:
        yield Fault("when did it happen?", where, suggestion="at: -1h")
    else:
        yield from _check_offset(event["at"], f"{where}.at")
    if not isinstance(event.get("event", ""), str) or not (event.get("event") or event.keys() & {"traits", "consent"}):
        yield Fault("an event has a name, or traits, or consent", where, suggestion="event: Order Completed")
    if "consent" in event and event["consent"] not in tuple(STRICTNESS):
        hint = nearest(event["consent"], STRICTNESS)
        yield Fault(f"consent is {', '.join(STRICTNESS)}", f"{where}.consent", suggestion=hint)
    if not isinstance(event.get("traits", {}), Mapping):
        yield Fault("traits are names and values", f"{where}.traits")


def event_of(written: Mapping[str, Any], index: int, now: int = NOW) -> Event:
    """The event that a line of an example stands for; amounts are in major units of euros, unless it says so."""
    said = {name: value for name, value in written.items() if name not in ("at", "event", "traits", "consent")}
    silent = "Consent Changed" if "consent" in written else "Identified"
    name, order = written.get("event") or silent, said.get("order_id")
    at = now + offset(written["at"])
    return Event(
        name=name,
        time=at,
        received=at,
        identifiers=("user_id:example",),
        sort=f"1970-01-01T00:00:00.{index:03d}Z#example-{index}",
        source="example",
        properties=normalise(said, "EUR"),
        traits=written.get("traits", {}),
        consent=written.get("consent"),
        natural=f"order:{order}" if name in _OF_ORDERS and order else None,
        revision=index,
    )


def run(body: Mapping[str, Any], others: Mapping[str, Node]) -> list[Fault]:
    """What the examples of a checked segment come to, where that is not what they expect.

    ``others`` are the conditions of the segments that it may refer to, by id. RFM groups have borders of their own.
    """
    wanted = {name: others[name] for name in _needed(body["when"], others)}
    catalogues: dict[int, Catalogue] = {}
    faults = []
    for index, example in enumerate(body.get("examples", ())):
        events = [event_of(written, place) for place, written in enumerate(example.get("events", ()))]
        now = NOW + offset(example.get("at", 0))
        if now not in catalogues:
            drawn = {**EXAMPLE_BORDERS, "drawn": now}
            catalogues[now] = compile_catalogue(link({**wanted, body["id"]: body["when"]}, {}, drawn))
        catalogue = catalogues[now]
        state = rebuild([event for event in events if event.time <= now], catalogue, now)
        found = "in" if holds(evaluate(state, catalogue, now, [body["id"]])[body["id"]]) else "out"
        if found != example["expect"]:
            name = example.get("name", index + 1)
            faults.append(Fault(f"example {name!r} is {found}", f"examples[{index}].expect", suggestion=found))
    return faults


def _needed(node: Node, others: Mapping[str, Node]) -> set[str]:
    found: set[str] = set()
    waiting = references(node)
    while waiting:
        name = waiting.pop()
        if name in others and name not in found:
            found.add(name)
            waiting |= references(others[name])
    return found
