"""tests/golden/segments: what conditions mean, and what is said of those that mean nothing."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from functions.core.base.errors import DefinitionRefused
from functions.core.base.events import Event
from functions.core.base.instants import holds
from functions.core.base.money import normalise
from functions.core.definitions.event_group import load_events
from functions.core.segments import engine
from functions.core.segments.language import parser
from functions.core.segments.language.named import resolve
from functions.core.segments.priced import in_money, money_of
from tests.unit import reference

GOLDEN = Path(__file__).parent.parent / "golden" / "segments"
NOW = 1_767_225_600
DEFINITIONS = Path(__file__).parents[2] / "definitions"
EVENTS = {path.stem: load_events(path.read_text()) for path in (DEFINITIONS / "events").glob("*.yaml")}


def cases(name):
    found = json.loads((GOLDEN / f"{name}.json").read_text(), parse_float=Decimal)
    return [pytest.param(case, id=case["case"]) for case in found]


def event_of(index, written):
    said = {
        name: value
        for name, value in written.items()
        if name not in ("at", "event", "traits", "natural", "revision", "consent", "names")
    }
    time = NOW + written["at"]
    return Event(
        name=written.get("event", "Identified"),
        time=time,
        received=time,
        identifiers=tuple(written.get("names", ("user_id:1",))),
        sort=f"2026-01-01T00:00:00.{index:03d}Z#{index}",
        source="test",
        properties=normalise(said, "EUR"),
        traits=written.get("traits", {}),
        natural=written.get("natural"),
        revision=written.get("revision", 0),
        consent=written.get("consent"),
    )


@pytest.mark.parametrize("case", cases("meanings"))
def test_each_golden_condition_holds_when_it_says(case):
    rates = {"base": case.get("currency"), "rates": case.get("rates", {})}
    money = money_of(case.get("currency", ""), rates, case.get("zone", "UTC"))
    node = in_money(resolve(parser.parse(case["when"]), EVENTS), money)
    catalogue = engine.compile_catalogue({"s": node}, active=["s"])
    told = [event_of(index, written) for index, written in enumerate(case["events"])]
    for offset, expected in [(at, True) for at in case["in"]] + [(at, False) for at in case["out"]]:
        now = NOW + offset
        known = [event for event in told if event.time <= now]
        state = engine.apply(engine.fresh(catalogue), known, catalogue, now)
        assert expected == holds(engine.evaluate(state, catalogue, now)["s"]), offset
        assert expected == reference.member(node, known, now), offset


@pytest.mark.parametrize("case", cases("refusals"))
def test_a_condition_is_refused_where_it_is_wrong(case):
    try:
        _, faults = parser.read(case["text"], set(case["known"]) if "known" in case else None)
    except DefinitionRefused as refused:
        faults = list(refused.faults)
    (fault,) = faults
    assert (case["line"], case["column"], case.get("suggestion")) == (fault.line, fault.column, fault.suggestion)


@pytest.mark.parametrize("case", cases("texts"))
def test_a_text_becomes_json_canonical_text_and_english(case):
    node = parser.parse(case["text"])
    assert case["json"] == json.loads(json.dumps(node), parse_float=Decimal)
    assert case["canonical"] == parser.text(node)
    assert case["sentence"] == parser.sentence(node)
    assert node == parser.parse(case["canonical"])
