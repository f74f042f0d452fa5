"""Nothing that was accepted can fail at evaluation, whatever the events' properties and traits hold.

Every shipped and golden condition, every example of an operator, rule of a score and step of a flow meets every odd
value, and what comes of it is what the naive evaluator says.
"""

import copy
import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.answers import explanation
from functions.core.base.events import Event
from functions.core.base.instants import holds
from functions.core.base.money import normalise
from functions.core.definitions.event_group import load_events
from functions.core.definitions.flow import load_flow
from functions.core.definitions.score import load_score
from functions.core.definitions.segment import load_segment
from functions.core.flows.flow import from_body, start_spec
from functions.core.profiles.state import pack, unpack
from functions.core.scores import language as rules
from functions.core.scores.compiled_score import CompiledScore
from functions.core.scores.link import EXAMPLE_BORDERS, link
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language import parser
from functions.core.segments.language.check import check
from functions.core.segments.language.named import resolve
from functions.core.segments.registry import operators
from functions.core.timelines.json_values import LONGEST
from functions.core.timelines.matching import match
from tests.unit import reference
from tests.unit.strategies import at_most

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
NOW = 1_767_225_600
DAY = 86_400


def nested(depth):
    found: list[Any] = []
    for _ in range(depth):
        found = [found]
    return found


HOSTILE = {
    "nothing": None,
    "true": True,
    "false": False,
    "a number": 5,
    "zero": 0,
    "a negative zero": Decimal("-0"),
    "a fraction": Decimal("1.5"),
    "10**30": 10**30,
    "-10**400": -(10**400),
    "a number that Python does not write": 10**4400,
    "1e400": Decimal("1E+400"),
    "1e999999": Decimal("1E+999999"),
    "1e-400": Decimal("1E-400"),
    "not a number": Decimal("NaN"),
    "a signalling not a number": Decimal("sNaN"),
    "infinity": Decimal("-Infinity"),
    "a number as text": "5",
    "NaN as text": "NaN",
    "empty text": "",
    "a NUL": "\0",
    "half a character": "\ud800",
    "a very long text": "x" * 100_000,
    "ten thousand digits": "9" * 10_000,
    "a date that is none": "9999-99-99",
    "the first date": "0001-01-01T00:00:00+14:00",
    "the last date": "9999-12-31T23:59:59-14:00",
    "a yearly date that is none": "--02-30",
    "an empty list": [],
    "a mixed list": [1, None, "x", True, [2], {"a": 1}, Decimal("NaN"), 10**400],
    "a deep list": nested(300),
    "an empty object": {},
    "an object": {"a": {"b": None}, "category": "x"},
    "a place beyond the poles": {"lat": 91, "lon": 10**400},
    "a place of text": {"latitude": "52.5", "longitude": "13.4"},
    "a place of nothing": {"lat": Decimal("NaN"), "lng": Decimal("sNaN")},
}


# What a definition can hold: its JSON is refused if a number has more digits than Python writes.
SAYABLE = [value for name, value in HOSTILE.items() if "Python" not in name]


def nodes_in(value):
    """Every object in a JSON."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from nodes_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes_in(inner)


EVENTS = {path.stem: load_events(path.read_text()) for path in (ROOT / "definitions/events").glob("*.yaml")}


@cache
def conditions():
    shipped = {p.stem: load_segment(p.read_text())["when"] for p in (ROOT / "definitions/segments").glob("*.yaml")}
    meanings = json.loads((GOLDEN / "segments/meanings.json").read_text())
    texts = json.loads((GOLDEN / "segments/texts.json").read_text(), parse_float=Decimal)
    found = shipped | {f"meaning {place}": parser.parse(case["when"]) for place, case in enumerate(meanings)}
    found |= {f"text {place}": case["json"] for place, case in enumerate(texts)}
    found |= {f"{key} {text}": parser.parse(text) for key, each in operators().items() for text in each.examples}
    found |= {f"rule {place}": rule["when"] for place, rule in enumerate(scored()) if "when" in rule}
    found |= {f"step {place}": step.content["when"] for place, step in enumerate(flow().steps) if step.do == "check"}
    named = {node["segment"] for when in found.values() for node in nodes_in(when) if node.get("op") == "in segment"}
    missing = {name: {"op": "did", "events": ["A"]} for name in named - found.keys()}
    known = {"engagement": load_score((ROOT / "definitions/scores/engagement.yaml").read_text())}
    return link(resolve(found | missing, EVENTS), resolve(known, EVENTS), EXAMPLE_BORDERS)


@cache
def scored():
    shipped = load_score((ROOT / "definitions/scores/engagement.yaml").read_text())["rules"]
    golden = [rules.parse(case["text"]) for case in json.loads((GOLDEN / "scores/texts.json").read_text())]
    return resolve([*shipped, *golden], EVENTS)


@cache
def flow():
    checked = 'in segment "high-value" and did "Order Completed" where total > 5'
    steps = f"  - wait: 1 hour\n  - check: |\n      {checked}\n  - send: t\n"
    return from_body(load_flow(f"id: f\nstart: {{event: Order Completed, by: cart_id}}\ngoal: A\nsteps:\n{steps}"))


@cache
def catalogue():
    measured = [*CompiledScore({"rules": scored(), "tiers": {}}).specs, start_of_flow()]
    return engine.compile_catalogue(conditions(), timelines=measured)


@cache
def start_of_flow():
    spec = start_spec(flow())
    assert spec
    return spec


def events_of(definition):
    """The named events, and what takes them back."""
    return {name for key in ("any of", "unless", "refunds") for name in definition.get(key, [])}


@cache
def words(*keys):
    """What the conditions call events, properties or traits."""
    found: set[str] = set()
    for node in [*nodes_in(conditions()), *nodes_in(scored())]:
        for key in keys:
            said = node.get(key, [])
            for each in said if isinstance(said, list) else [said]:
                found |= {each} if isinstance(each, str) else events_of(each["definition"])
    return sorted(word for word in found if isinstance(word, str))


def said(paths, value):
    """Properties with the value at every path, as the only member of lists."""
    found = {}
    for path in paths:
        place, *inner = path.split(".")
        below = said([".".join(inner)], value) if inner else value
        found[place.removesuffix("[]")] = [below] if place.endswith("[]") else below
    return found


def event(number, name, properties, traits):
    return Event(
        name=name,
        time=NOW + number,
        received=NOW + number,
        identifiers=("user_id:1",),
        sort=f"2026-01-01T00:00:00.{number:03d}Z#{number}",
        source="test",
        properties=properties,
        traits=traits,
        natural=f"order:{number % 3}" if name == "Order Completed" else None,
        revision=number,
    )


def survives(told):
    """Through every way that an evaluation goes."""
    known, now = catalogue(), NOW + 1000
    state = engine.rebuild(told, known, now)
    folded = engine.fresh(known)
    for start in range(3):
        folded = engine.apply(folded, told[start::3][::-1], known, now, engine.KnownEvents(told))
    assert folded.timelines == state.timelines
    packed = pack(state)
    again = unpack(packed, known.names, "")
    assert (state, packed) == (again, pack(again))
    engine.evaluate(engine.advance(state, known, NOW + 40 * DAY), known, NOW + 4000 * DAY)
    for step in scored():
        CompiledScore({"rules": [step], "tiers": {"a": 5}}).at(Snapshot(state, known, now), now)
    for each in told:
        match(start_of_flow(), each)
    return state, now


def comparable(when):
    return not any(node.get("op") in ("rfm", "score", "tier") for node in nodes_in(when))


@pytest.mark.parametrize("odd", HOSTILE)
def test_every_definition_takes_the_value_wherever_it_is_looked_for(odd):
    properties = said(words("property", "by"), HOSTILE[odd])
    traits = said(words("trait"), HOSTILE[odd])
    money = [normalise(properties, "EUR")] if odd != "a deep list" else []
    told = [
        event(number, name, given, traits)
        for given in ({**properties, "currency": HOSTILE[odd]}, *money)
        for number, name in enumerate(words("events"))
    ]
    told = [event(number, each.name, each.properties, each.traits) for number, each in enumerate(told)]
    state, now = survives(told)
    for name in list(conditions())[::12]:
        engine.history(told[:12], catalogue(), name, now)
    verdicts = engine.evaluate(state, catalogue(), now)
    for name, when in conditions().items():
        assert json.dumps(explanation.explain(state, catalogue(), name, now))
        if comparable(when) and not (isinstance(HOSTILE[odd], str) and len(HOSTILE[odd]) > LONGEST):
            assert reference.member(when, told, now, conditions()) == holds(verdicts[name]), name


values = st.sampled_from(list(HOSTILE.values())) | st.text(max_size=5) | st.integers() | st.decimals()
values |= st.lists(values, max_size=3) | st.dictionaries(st.sampled_from(["category", "id", "lat", "lon"]), values)


@at_most(30)
@given(st.data())
def test_every_definition_evaluates_any_mixture_of_events(data):
    names = st.sampled_from(words("events"))
    paths = st.lists(st.sampled_from(words("property", "by")), max_size=6)
    told = []
    for number in range(data.draw(st.integers(1, 12))):
        given_properties: dict[str, Any] = {}
        for path in data.draw(paths):
            given_properties |= said([path], data.draw(values))
        traits = {name.split(".")[0]: data.draw(values) for name in data.draw(st.sets(st.sampled_from(words("trait"))))}
        told.append(event(number, data.draw(names), given_properties, traits))
    survives(told)


def replaced(node, place, value):
    """The JSON with the value at the place; nothing else is changed."""
    changed = copy.deepcopy(node)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return changed


def places(value, path=()):
    """The place of every part of a JSON, but its own."""
    found = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in found:
        yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.mark.parametrize("operator", operators().values(), ids=operators())
def test_whatever_stands_in_a_definition_is_refused_or_can_be_evaluated(operator):
    for example in operator.examples:
        node = parser.parse(example)
        for place in places(node):
            for odd in SAYABLE:
                changed = replaced(node, place, odd)
                if not check(changed, {"high-value", "lapsed"}):
                    others = {name: {"op": "did", "events": ["A"]} for name in ("high-value", "lapsed")}
                    known = engine.compile_catalogue({**others, "s": changed})
                    state = engine.apply(engine.fresh(known), [event(1, "A", {"total": 5}, {})], known, NOW + 5)
                    assert json.dumps(explanation.explain(state, known, "s", NOW + 5))
