"""Replays of the past: the stays that evaluating at every event tells, for work that grows as the events do."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.folder import find
from functions.core.base.events import Event
from functions.core.definitions.history import ConditionHistory, compiled
from functions.core.definitions.ruleset import load
from functions.core.scores import compiled_score
from functions.core.segments import engine
from functions.core.segments.engine import membership_history, present_stays
from functions.core.segments.engine.replay import Replay
from functions.core.segments.engine.replayed_timelines import EventIndex
from functions.core.segments.parts import measures
from functions.core.timelines.retention import CAP
from functions.usecases.members import around
from functions.usecases.publish_together import publish_together
from tests.flow.in_memory_app import InMemoryApp
from tests.unit.reference import stepwise
from tests.unit.strategies import START, histories, segments, thorough
from tests.unit.strategies.operators import emptied, then_not
from tests.unit.test_segments_history import publications, stored

DEFINITIONS = Path(__file__).parents[2] / "definitions"
HOUR, NOW = 3_600, 1_795_000_000
# Just after the last look of a life.
LOOKED = NOW - 2 * HOUR + 1


@thorough
@given(segments, histories, st.integers(0, 100), st.sampled_from([1, 2, 3, CAP]))
def test_a_replay_tells_the_stays_that_evaluating_at_every_event_tells(nodes, events, span, cap):
    catalogue = engine.compile_catalogue(nodes, cap=cap)
    now = max((event.time for event in events), default=START) + span
    for name in nodes:
        expected = stepwise.history(events, catalogue, name, now)
        assert expected == engine.history(events, catalogue, name, now), name


@thorough
@given(segments, histories, st.integers(0, 100), st.integers(1, 4), st.integers(1, 3))
def test_searched_from_now_back_the_present_stays_are_those_of_the_whole_past(nodes, events, span, first, growth):
    catalogue = engine.compile_catalogue(nodes)
    now = max((event.time for event in events), default=START) + span
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(present_stays, "FIRST", first)
        patch.setattr(present_stays, "GROWTH", growth)
        inside = engine.entered(events, catalogue, nodes, now)
    stays = {name: stepwise.history(events, catalogue, name, now)[-1:] for name in nodes}
    assert {name: last[0]["entered"] for name, last in present(stays)} == inside


def present(stays):
    """The stays that have not ended, by segment."""
    return [(name, last) for name, last in stays.items() if last and last[0]["left"] is None]


@thorough
@given(publications, histories)
def test_a_replay_tells_the_stays_under_several_versions(told, events):
    end = START + 70
    catalogue, versions = compiled("s3", ConditionHistory("s3", stored(told), []).wordings(end))
    assert stepwise.history(events, catalogue, versions, end) == engine.history(events, catalogue, versions, end)


@pytest.fixture(scope="module")
def ruleset():
    app = InMemoryApp(now=NOW)
    publish_together(app.context, {(each.kind, each.id): each.text() for each in find([DEFINITIONS])}, "test")
    return load(app.definitions.current(), app.definitions.revision())


def life(count):
    """One person with an event an hour: mostly looks, a mail now and then, some carts, fewer orders."""
    return [happened(number, NOW - (count - number) * HOUR) for number in range(count)]


def happened(number, at):
    product = {"product_id": f"p{number % 50}", "category": "Smartphones"}
    cart = {"cart_id": f"c{number // 40}", "currency": "EUR", "products": [product]}
    name, properties = {
        7: ("Email Opened", {}),
        13: ("Checkout Started", {**cart, "value": Decimal(4999)}),
        39: ("Order Completed", {**cart, "order_id": f"o{number}", "total": Decimal(4999)}),
    }.get(number % 40, ("Product Viewed", product))
    return Event(name, at, at, ("email:ann@x.org",), f"2026-01-01T00:00:00.000Z#{number}", "test", properties)


@thorough
@given(then_not | emptied, histories, st.sampled_from([1, 2, CAP]))
def test_carts_and_absences_are_foreseen_as_evaluating_at_every_event_tells_them(node, events, cap):
    catalogue = engine.compile_catalogue({"left": node}, cap=cap)
    now = max((event.time for event in events), default=START) + 50
    assert stepwise.history(events, catalogue, "left", now) == engine.history(events, catalogue, "left", now)


@pytest.mark.parametrize("count", [100, 3_000])
def test_the_shipped_segments_that_somebody_is_in_began_when_the_whole_past_says(ruleset, count):
    nodes = {name: segment["when"] for name, segment in ruleset.segments.items()}
    catalogue, events = engine.compile_catalogue(nodes), life(count)
    stays = {name: engine.history(events, catalogue, name, LOOKED)[-1:] for name in nodes}
    begun = {name: last[0]["entered"] for name, last in present(stays)}
    assert begun == engine.entered(events, catalogue, nodes, LOOKED)
    assert len(begun) > 3


def test_only_the_latest_events_are_replayed_for_whoever_came_lately(ruleset, monkeypatch):
    name = "interested-in-smartphones"
    catalogue = engine.compile_catalogue({name: ruleset.segments[name]["when"]})
    events = [each for number, each in enumerate(life(4_000)) if number % 5]
    looks = recorded(monkeypatch, Replay, "verdict")
    assert engine.entered(events, catalogue, [name], LOOKED)
    assert 0 < len(looks) <= present_stays.FIRST


def test_a_cart_that_somebody_left_waits_for_its_own_events_and_for_its_end(ruleset, monkeypatch):
    catalogue = engine.compile_catalogue({"left": ruleset.segments["cart-abandoned"]["when"]})
    events = [each for each in life(8_000) if each.name != "Order Completed"]
    stays, looks = looks_of(catalogue, "left", events)
    assert 1 == len(stays)
    assert looks < sum(each.name == "Checkout Started" for each in events)


@pytest.mark.parametrize("segment", ["engagement-warm", "engagement-hot", "window-shoppers", "cart-abandoned"])
def test_shipped_segments_have_the_stays_of_evaluating_at_every_event(ruleset, segment):
    catalogue = engine.compile_catalogue(around({segment: ruleset.segments[segment]["when"]}, ruleset))
    events = life(250)
    assert stepwise.history(events, catalogue, segment, NOW) == engine.history(events, catalogue, segment, NOW)


def recorded(monkeypatch, owner, name):
    """The arguments of every call of the method from now on."""
    calls: list[tuple] = []
    method = getattr(owner, name)

    def call(*arguments):
        calls.append(arguments)
        return method(*arguments)

    monkeypatch.setattr(owner, name, call)
    return calls


def test_verdicts_of_a_fading_score_are_fewer_than_the_events_and_grow_no_faster(ruleset, monkeypatch):
    catalogue = engine.compile_catalogue({"warm": ruleset.segments["engagement-warm"]["when"]})
    looks = recorded(monkeypatch, Replay, "verdict")

    def evaluations(count):
        looks.clear()
        engine.history(life(count), catalogue, "warm", NOW)
        return len(looks)

    few, many = evaluations(1_000), evaluations(4_000)
    assert few < 250
    assert many <= 5 * few


def test_a_score_of_many_fading_events_asks_for_its_rules_no_more_often_than_that_of_few(ruleset, monkeypatch):
    catalogue = engine.compile_catalogue({"warm": ruleset.segments["engagement-warm"]["when"]})
    asked = recorded(monkeypatch, compiled_score._Search, "_levels_at")
    for count in (10, 1_000):
        state = engine.rebuild(life(count), catalogue, NOW)
        asked.clear()
        engine.evaluate(state, catalogue, NOW)
        assert len(asked) <= compiled_score.STEPS + 1


def looks_of(catalogue, name, events, now=NOW):
    """The stays in the segment, and how often it was evaluated for them."""
    replay = Replay(EventIndex(events, catalogue, now), "p")
    stays = membership_history._Stays(replay, [membership_history.CatalogueVersion(name)], events[0].time)
    while stays.next_look <= now:
        stays.look(stays.next_look)
    return stays.found, replay.looks


def test_a_window_in_which_events_follow_each_other_is_passed_over_at_once():
    looked = {"op": "did", "events": ["Product Viewed"], "within": "2 hours"}
    catalogue = engine.compile_catalogue({"looking": looked})
    events = [each for number, each in enumerate(life(2_000)) if number % 500 < 490 and each.name == "Product Viewed"]
    stays, looks = looks_of(catalogue, "looking", events)
    assert stepwise.history(events, catalogue, "looking", NOW) == stays
    assert looks <= 4 * len(stays)


def bought(number, at, name="Order Completed", **properties):
    return Event(name, at, at, ("email:ann@x.org",), f"{at}#{number}", "test", {"order_id": "o1", **properties})


BOUGHT = {
    "named": "bought",
    "definition": {
        "id": "bought",
        "any of": ["Order Completed"],
        "by": "order_id",
        "unless": ["Order Cancelled"],
        "refunds": ["Order Refunded"],
        "amount": "total",
    },
}


@pytest.mark.parametrize(
    "events",
    [
        # The order is told without its amount, paid back, and told once more with the amount: it counts no more.
        [
            bought(1, NOW - 9 * HOUR),
            bought(2, NOW - 8 * HOUR, "Order Refunded", total=Decimal(500)),
            bought(3, NOW - 7 * HOUR, total=Decimal(500)),
        ],
        [
            bought(1, NOW - 9 * HOUR, "Order Refunded", total=Decimal(500)),
            bought(2, NOW - 8 * HOUR, total=Decimal(500)),
        ],
        [bought(1, NOW - 9 * HOUR, "Order Cancelled"), bought(2, NOW - 8 * HOUR, total=Decimal(500))],
        [bought(1, NOW - 9 * HOUR, total=Decimal(500)), bought(2, NOW - 8 * HOUR, "Order Cancelled")],
    ],
)
@pytest.mark.parametrize("window", [{}, {"within": "30 days"}])
def test_what_takes_an_order_back_ends_a_stay_also_where_only_a_later_report_shows_it(events, window):
    catalogue = engine.compile_catalogue({"buyers": {"op": "did", "events": [BOUGHT], **window}})
    assert stepwise.history(events, catalogue, "buyers", NOW) == engine.history(events, catalogue, "buyers", NOW)


def test_a_condition_of_a_formula_waits_for_its_own_events(monkeypatch):
    viewed, total = {"op": "did", "events": ["Product Viewed"]}, {"property": "total", "compare": ">", "value": 10**6}
    spent = {"op": "sum", "events": ["Order Completed"], "within": "90 days", **total}
    catalogue = engine.compile_catalogue({"both": {"op": "and", "of": [{**viewed, "within": "30 minutes"}, spent]}})
    summed = recorded(monkeypatch, measures, "_numbers")
    events = life(400)
    assert [] == engine.history(events, catalogue, "both", NOW)
    assert len(summed) <= 2 * sum(each.name == "Order Completed" for each in events) + 2
