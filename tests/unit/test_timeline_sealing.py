"""Beyond the latest so many, entries are sealed by the day and by the month, and still count."""

import json
from dataclasses import replace
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from functions.core.answers import explanation
from functions.core.base.errors import Undecided
from functions.core.base.events import Event
from functions.core.base.instants import holds
from functions.core.profiles.state import Timeline
from functions.core.segments import engine
from functions.core.segments.engine import limits
from functions.core.segments.language import parser
from functions.core.timelines.codec import EPOCH, pack_timeline, unpack_timeline
from functions.core.timelines.entry import Entry
from functions.core.timelines.retention import CAP
from functions.core.timelines.sealing import Bucket, Grain, TimelineContent, seals
from functions.core.timelines.spec import TimelineSpec
from tests.console import ANN, BOB, NOW
from tests.unit.sealed import DAY, HOUR, T, compiled, held, ordered

SUMS = {
    "sum": 'sum of total over "Order Completed" = 2600',
    "count": 'did "Order Completed" between 3000 days and 1 second ago',
    "average": 'average of total over "Order Completed" within 3000 days = 1',
    "least": 'minimum of total over "Order Completed" = 1',
    "most": 'maximum of total over "Order Completed" within 3000 days = 1',
    "since": 'sum of total over "Order Completed" since "2020-01-01" = 2600',
}


def test_two_thousand_six_hundred_orders_of_one_euro_come_to_as_many_euros():
    events = [ordered(number, T - number * HOUR) for number in range(2600)]
    catalogue = compiled(SUMS)
    state = engine.rebuild(events, catalogue, T + 1)
    assert dict.fromkeys(SUMS, True) == {
        name: holds(verdict) for name, verdict in engine.evaluate(state, catalogue, T + 1).items()
    }
    told = explanation.explain(state, catalogue, "sum", T + 1)["tree"]["facts"]
    assert {"sum": "2600", "counted": 2600} == {name: told[name] for name in ("sum", "counted")}
    assert told["bounded"].startswith("events before 2026-06-30 count by whole days")
    assert told["bounded"].endswith("none is left out")
    assert 2600 == explanation.explain(state, catalogue, "count", T + 1)["tree"]["facts"]["counted"]
    assert CAP == len(held(state, catalogue, SUMS["sum"]).entries)
    assert 600 == sum(bucket.events for bucket in held(state, catalogue, SUMS["sum"]).sealed)


def test_what_a_window_cuts_is_left_out_and_said():
    events = [ordered(number, T - number * HOUR) for number in range(2600)]
    span = 2100
    text = f'sum of total over "Order Completed" within {span} hours'
    catalogue = compiled({"all": SUMS["sum"], "exact": f"{text} = {span}", "most": f"{text} >= {span - 24}"})
    state = engine.rebuild(events, catalogue, T)
    facts = explanation.explain(state, catalogue, "exact", T)["tree"]["facts"]
    assert span - 24 <= int(facts["sum"]) <= span
    assert "24 of 2026-06-26 to 2026-06-26 at most are left out" in facts["bounded"]
    assert holds(engine.evaluate(state, catalogue, T)["most"])


def test_what_says_which_products_an_event_tells_of_is_not_sealed():
    for lines in (True, False):
        spec = TimelineSpec(("Order Completed",), keep=None, lines=lines)
        assert seals(spec, (spec.retention,)) is not lines


GOLDEN = json.loads((Path(__file__).parent.parent / "golden/segments/sealing.json").read_text())


def happened_on(days):
    """So many events of 1.00 on each day, counted back from today, a minute apart from ten to two on."""
    numbers, begin = count(), T - 600
    return [
        Event("A", at, at, ("user_id:1",), f"2026#{number}", "test", {"total": 100, "currency": "EUR", "n": number})
        for ago, often in days.items()
        for number, at in ((next(numbers), begin - int(ago) * DAY + minute * 60) for minute in range(often))
    ]


@pytest.mark.parametrize("case", GOLDEN, ids=lambda case: case["case"])
def test_what_is_sealed_counts_as_the_cases_say(case):
    node, events = parser.parse(case["when"]), happened_on(case["days"])
    plain = engine.compile_catalogue({"s": node}, cap=case["cap"])
    wide = engine.compile_catalogue({"s": node}, cap=case["cap"], timelines=limits.with_edges(node))
    state, wider = engine.rebuild(events, plain, T), engine.rebuild(events, wide, T)
    told, full = explanation.explain(wider, wide, "s", T), explanation.explain(state, plain, "s", T)["tree"]["facts"]
    assert case["facts"] == {name: told["tree"]["facts"].get(name) for name in case["facts"]}
    # What is kept for the explanation changes no answer.
    numbers = case["facts"].keys() - {"uncounted", "bounded"}
    assert {name: told["tree"]["facts"][name] for name in numbers} == {name: full[name] for name in numbers}
    assert case["holds"] == told["holds"] == holds(engine.evaluate(state, plain, T)["s"])
    assert case["limited"] == limits.leaves_out("s", state, plain, T, limits.full(state, plain))


def test_points_that_fade_say_that_only_the_latest_give_any():
    rules = [{"points": 1, "per": {"events": ["A"]}, "fading over": "100 days"}]
    node = {"op": "score", "score": "e", "compare": ">", "value": 0, "definition": {"id": "e", "rules": rules}}
    facts = []
    for cap in (4, 9):
        catalogue = engine.compile_catalogue({"s": node}, cap=cap)
        state = engine.rebuild(happened_on({"40": 3, "0": 4}), catalogue, T)
        facts.append(explanation.explain(state, catalogue, "s", T)["tree"]["facts"])
    assert ["4", "5.8"] == [each["score"] for each in facts]
    assert "only the latest 4 are remembered one by one" in facts[0]["bounded"]
    assert "bounded" not in facts[1]


def test_lists_and_previews_say_for_how_many_people_something_may_be_left_out(world, monkeypatch):
    monkeypatch.setitem(engine.compile_catalogue.__kwdefaults__, "cap", 4)
    text = 'sum of total over "Order Completed" within 10 days >= 5'
    world.save(f"id: big\nname: Big\nwhen: {text}\n")
    for who, often in ((ANN, 8), (BOB, 3)):
        world.tell(*(ordered(f"{who}{number}", NOW - number * DAY, who=who) for number in range(often)))
    for answer in (
        world.ask("GET", "/api/segments/big/members"),
        world.ask("GET", "/api/segments", count="true")["segments"][0],
    ):
        assert 1 == answer["count"]
        (said,) = answer["bounded"]
        assert said.startswith("1 person did more than 2,000 times")
    warnings = world.ask("POST", "/api/preview", {"when": text})["warnings"]
    assert [said] == [each["message"] for each in warnings if "2,000" in each["message"]]
    short = world.ask("POST", "/api/preview", {"when": text.replace("10 days", "2 days")})["warnings"]
    assert [] == [each for each in short if "2,000" in each["message"]]


def test_a_bucket_is_packed_as_the_codec_says():
    bucket = Bucket(0, EPOCH - 5, EPOCH, 2, Decimal("30.50"), Decimal("2.00"), Decimal("28.50"))
    entry = Entry(EPOCH + DAY, 0, 1, Decimal(5))
    data = pack_timeline(TimelineContent((bucket,), (entry,)))
    assert "3c 01 00 05 02 e2 04 28 ba 04" == data[:10].hex(" ")
    again = unpack_timeline(data)
    assert (bucket._replace(opens=again.sealed[0].opens),) == again.sealed
    assert (entry,) == again.entries
    assert TimelineContent((), (entry,)) == unpack_timeline(pack_timeline(TimelineContent((), (entry,))))


def test_what_was_stored_before_there_were_buckets_is_counted_again_from_the_log():
    events = [ordered(number, T - number * HOUR) for number in range(2600)]
    catalogue = compiled(SUMS)
    state = engine.rebuild(events[1:], catalogue, T)
    address = engine.timelines(parser.parse(SUMS["sum"]))[0].id
    forgetful = state.timelines[address].held._replace(sealed=())
    old = replace(state, timelines={**state.timelines, address: Timeline(forgetful)})
    with pytest.raises(Undecided):
        engine.apply(old, events[:1], catalogue, T)
    state = engine.apply(old, events[:1], catalogue, T, engine.KnownEvents(events))
    assert engine.rebuild(events, catalogue, T).timelines == state.timelines


def test_a_state_that_was_halved_more_often_has_longer_buckets():
    days, months, years, whole = Grain
    expected = [days] * 3 + [months] * 4 + [years] * 2 + [whole] * 3
    assert expected == [Grain.after(halvings) for halvings in range(12)]
