"""Beyond the latest so many, entries are sealed by the day and by the month, and still count."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions import wiring
from functions.core.answers import explanation
from functions.core.base.errors import Undecided
from functions.core.base.events import Event
from functions.core.base.instants import holds, until
from functions.core.profiles.state import Timeline, pack, unpack
from functions.core.segments import engine, windows
from functions.core.segments.engine import limits
from functions.core.segments.language import parser
from functions.core.timelines.codec import EPOCH, pack_timeline, unpack_timeline
from functions.core.timelines.entry import Entry
from functions.core.timelines.retention import CAP
from functions.core.timelines.sealing import Bucket, TimelineContent, opens, seals
from functions.core.timelines.spec import TimelineSpec
from functions.usecases import profile_session
from functions.usecases.fold import fold
from functions.usecases.refresh_check import check
from tests.console import ANN, BOB, NOW
from tests.unit.strategies import thorough

DAY, HOUR = 86_400, 3600
T = int(datetime(2026, 9, 21, 14, tzinfo=UTC).timestamp())


def ordered(number, at, total=100, natural=True, name="Order Completed", who="user_id:1"):
    said = {"order_id": str(number), "total": total, "currency": "EUR"}
    sort = f"2026-09-21T14:13:20.000Z#{number}-{at}"
    return Event(name, at, at, (who,), sort, "test", said, natural=f"order:{number}" if natural else None)


def compiled(texts, cap=CAP):
    return engine.compile_catalogue({name: parser.parse(text) for name, text in texts.items()}, cap=cap)


def held(state, catalogue, text):
    """What is in the timeline of a condition."""
    return state.timelines[engine.timelines(parser.parse(text))[0].id].held


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


# Lives with a cap so small that something is sealed all the time.
steps = st.sampled_from([0, 0, 1, 60, 5 * HOUR, DAY, DAY, 3 * DAY, 20 * DAY, 100 * DAY])
happened = st.lists(
    st.tuples(steps, st.sampled_from([None, None, 1, 2, 3]), st.sampled_from([100, 250, 0, -50])), max_size=16
)
CONDITIONS = (
    'sum of total over "Order Completed"{} > 3',
    'average of total over "Order Completed"{} >= 1',
    'minimum of total over "Order Completed"{} < 0',
    'maximum of total over "Order Completed"{} >= 2.5',
    'did "Order Completed" at least 3 times{}',
)
SPANS = ("", " within 30 hours", " within 4 days", " within 60 days", " within 500 days", ' since "2026-05-01"')
AGO = (" between 40 days and 2 days ago", " between 500 days and 1 hour ago")


def history_of(rows):
    at, events = T - 400 * DAY, []
    for number, (step, order, total) in enumerate(rows):
        at += step
        natural = order is not None
        event = ordered(order if natural else f"n{number}", at, total, natural)
        events.append(replace(event, sort=f"2026#{number}", revision=number if natural else 0))
    return events, at


def test_an_order_that_is_sealed_in_one_profile_and_told_again_in_the_other_counts_once_after_a_merge():
    steps = (0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0)
    rows = [(step, 2 if number in (1, 11) else None, 100) for number, step in enumerate(steps)]
    history, newest = history_of(rows)
    catalogue = compiled({"s": 'sum of total over "Order Completed" > 3'}, 4)
    first, second = (engine.rebuild(part, catalogue, newest + 1) for part in (history[:8], history[8:]))
    merged = engine.merge(first, second, catalogue, newest + 1, engine.KnownEvents(history))
    assert engine.rebuild(history, catalogue, newest + 1).timelines == merged.timelines


@thorough
@given(happened, st.integers(1, 4), st.data())
def test_whatever_the_order_the_state_is_that_of_the_set(rows, cap, data):
    history, newest = history_of(rows)
    texts = data.draw(st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=3))
    spans = [data.draw(st.sampled_from(SPANS + AGO)) for _ in texts]
    catalogue = compiled(
        {f"s{n}": text.format(span) for n, (text, span) in enumerate(zip(texts, spans, strict=True))}, cap
    )
    again = data.draw(st.lists(st.sampled_from(history), max_size=4)) if history else []
    arrivals = data.draw(st.permutations(history + again)) if data.draw(st.booleans()) else history + again
    state, known = engine.fresh(catalogue), []
    while arrivals:
        size = data.draw(st.integers(1, 4))
        batch, arrivals = list(arrivals[:size]), arrivals[size:]
        known += batch
        state = engine.apply(state, batch, catalogue, newest + 1, engine.KnownEvents(known))
        state = unpack(pack(state), catalogue.names, "")
        assert engine.rebuild(known, catalogue, newest + 1).timelines == state.timelines
    cut = data.draw(st.integers(0, len(history)))
    first, second = (engine.rebuild(part, catalogue, newest + 1) for part in (history[:cut], history[cut:]))
    merged = engine.merge(first, second, catalogue, newest + 1, engine.KnownEvents(history))
    assert engine.rebuild(history, catalogue, newest + 1).timelines == merged.timelines


@thorough
@given(happened, st.integers(1, 4), st.sampled_from(SPANS + AGO), st.integers(0, 5 * DAY))
def test_a_sum_differs_from_the_scan_by_what_lies_on_the_days_at_the_edges_alone(rows, cap, span, later):
    history, newest = history_of([(step, None, 100) for step, _, _ in rows])
    text = f'sum of total over "Order Completed"{span} > 0'
    catalogue, now = compiled({"s": text}, cap), newest + later
    state, wide = engine.rebuild(history, catalogue, now), parser.parse(text)
    found = int(explanation.explain(state, catalogue, "s", now)["tree"]["facts"]["sum"])
    inside, cut = scanned(history, wide, now, newest)
    assert inside - cut <= found <= inside
    sealed = held(state, catalogue, text).sealed if state.timelines else ()
    assert found == inside or sealed or len(history) > cap
    if span in ("", SPANS[-1]):
        assert found == inside


def scanned(history, node, now, newest):
    """How many events lie in the window, and how many of those in the days or months that it cuts."""
    (far, near), since = windows.window(node), windows.calendar(node)["since"] or 0
    inside = [each for each in history if each.time >= since and each.time <= now - near]
    inside = [each for each in inside if far is None or each.time > now - far]
    low, high = (0 if far is None else now - far), now - near
    cut = [
        each for each in inside if opens(each.time, newest) in (opens(low, newest), opens(high, newest) if near else -1)
    ]
    return len(inside), len(cut)


@thorough
@given(happened, st.integers(1, 3), st.sampled_from(CONDITIONS), st.sampled_from(SPANS + AGO))
def test_an_answer_stays_right_until_its_instant(rows, cap, text, span):
    history, newest = history_of(rows)
    catalogue = compiled({"s": text.format(span)}, cap)
    state, now = engine.rebuild(history, catalogue, newest), newest
    for _ in range(8):
        verdict = engine.evaluate(state, catalogue, now)["s"]
        end = until(verdict)
        if end is None:
            break
        assert end > now
        assert holds(engine.evaluate(state, catalogue, end - 1)["s"]) == holds(verdict)
        now = end
    else:
        return
    far = [now + DAY, now + 700 * DAY]
    assert [holds(verdict)] * 2 == [holds(engine.evaluate(state, catalogue, at)["s"]) for at in far]


RICH = 'id: rich\nname: Rich\nwhen: sum of total over "Order Completed" >= 100\n'


def tell(world, ruleset, *events):
    """Append to the log and fold by these definitions."""
    world.log(*events)
    assert {} == fold(world.context(load_ruleset=lambda: ruleset), events)


def test_late_repeated_and_told_again_orders_count_once_beyond_the_cap(world):
    world.save(RICH)
    ruleset = wiring.ruleset(fresh=True)
    ruleset = replace(ruleset, catalogue=replace(ruleset.catalogue, cap=40))
    events = [ordered(number, NOW - 90 * DAY - number * HOUR, who=ANN) for number in range(100)]
    late, told = events.pop(50), replace(ordered(60, NOW - HOUR, who=ANN), revision=1)
    for start in range(0, len(events), 30):
        tell(world, ruleset, *events[start : start + 30])
    assert [] == world.members("rich")
    tell(world, ruleset, events[80], told)
    assert [] == world.members("rich")
    tell(world, ruleset, late)
    (profile,) = world.members("rich")
    (state,) = world.states().values()
    (timeline,) = state.timelines.values()
    assert 60 == sum(bucket.events for bucket in timeline.held.sealed)
    stored_state = world.ports.people.load((), [profile])[1][profile]
    assert not check(world.context(load_ruleset=lambda: ruleset), stored_state)
    seen = profile_session.current(world.context(load_ruleset=lambda: ruleset), profile, NOW - DAY)
    assert seen
    assert state.timelines == seen.state.timelines
