"""Recency, frequency and monetary value: what counts, where somebody stands, and where the borders come from."""

from dataclasses import replace
from decimal import Decimal
from itertools import count, product
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.core.answers import explanation
from functions.core.base.events import Event
from functions.core.base.instants import FOREVER, holds, until
from functions.core.definitions.event_group import load_events
from functions.core.definitions.records import Definition
from functions.core.definitions.ruleset import load
from functions.core.definitions.timelines_kept import KeptTimelines
from functions.core.profiles.state import pack, unpack
from functions.core.scores import rfm
from functions.core.scores.link import EXAMPLE_BORDERS, link
from functions.core.scores.tally import Tally
from functions.core.segments import engine
from functions.core.segments.engine.snapshot import Snapshot
from functions.core.segments.language import parser
from functions.core.timelines.event_keys import event_key
from tests.unit.test_segments_shipped import BODIES

NOW = 1_767_225_600
DAY = 86_400

BORDERS: dict[str, Any] = {
    "drawn": NOW - DAY - 77,
    "recency": [2, 4, Decimal("5.5"), 9],
    "frequency": [2, 2, 3, 5],
    "monetary": [0, 10, Decimal("20.5"), 40],
}
NAMED = [name for name in BODIES if name.startswith("rfm-")]


def event(name, at, order=None, total=None, refund=None):
    properties = {"order_id": order, "total": total, "currency": "EUR"}
    natural = f"refund:{refund}" if name == "Order Refunded" else f"order:{order}"
    return Event(
        name=name,
        time=NOW + at,
        received=NOW + at,
        identifiers=("user_id:1",),
        sort=f"2026-01-01T00:00:00Z#{name}-{order}-{refund}-{at}",
        source="test",
        properties={key: value for key, value in properties.items() if value is not None},
        natural=natural if order else None,
    )


histories = st.lists(
    st.builds(
        event,
        st.sampled_from(["Order Completed", "Order Completed", "Order Cancelled", "Order Refunded"]),
        st.integers(-9 * DAY, 0),
        st.sampled_from([None, "1", "2", "3", "4"]),
        st.sampled_from([None, 500, 1000, 2500]),
        st.integers(1, 4),
    ),
    max_size=12,
).map(lambda found: [replace(each, sort=f"{each.sort}-{number}") for number, each in enumerate(found)])


def scan(history, now):
    """(days, orders, money) by looking at everything, as the guide says it."""
    known = {each.id: each for each in history if each.time <= now}.values()
    cancelled = {each.properties.get("order_id") for each in known if each.name == "Order Cancelled"} - {None}
    by_order: dict[str, Any] = {}
    refunds: dict[str, Any] = {}
    for each in known:
        order, told = each.properties.get("order_id"), (each.time, each.properties.get("total"))
        if told[1] is not None and each.name == "Order Completed":
            by_order[order or each.id] = max(told, by_order.get(order or each.id, told))
        if told[1] is not None and each.name == "Order Refunded":
            refunds[each.natural or each.id] = max((*told, order), refunds.get(each.natural or each.id, (*told, order)))
    back = {order: sum(total for _, total, of in refunds.values() if of == order) for order in by_order}
    whole = {order for order, (_, total) in by_order.items() if 0 < back[order] >= total}
    left = {order: told for order, told in by_order.items() if order not in cancelled | whole}
    if not left:
        return None
    money = Decimal(sum(total - back[order] for order, (_, total) in left.items())) / 100
    return (now - max(time for time, _ in left.values())) // DAY, len(left), money


def naive_group(measure, value):
    above = sum(value >= border for border in BORDERS[measure])
    return 5 - above if measure == "recency" else above + 1


@given(histories, st.permutations(range(12)), st.lists(st.integers(0, 12 * DAY), max_size=4))
def test_the_groups_are_those_of_a_scan_in_any_order_of_arrival_and_at_every_instant(history, order, offsets):
    history = [each for each in history if each.name != "Order Refunded" or _one_order_a_refund(each, history)]
    texts = {f"{name}{n}": f"rfm {name} >= {n}" for name in rfm.MEASURES for n in (2, 3, 4, 5)}
    nodes = link({name: parser.parse(text) for name, text in texts.items()}, {}, BORDERS)
    catalogue = engine.compile_catalogue(nodes, active=nodes)
    state = engine.fresh(catalogue)
    for index in order:
        if index < len(history):
            told = engine.apply(state, [history[index]], catalogue, NOW, engine.KnownEvents(history))
            state = unpack(pack(told), catalogue.names, "")
    state = engine.advance(state, catalogue, NOW)
    for now in sorted({NOW, *(NOW + offset for offset in offsets)}):
        found, wanted = rfm.orders(Snapshot(state, catalogue, now)), scan(history, now)
        assert wanted == (found and (found.days(now), found.frequency, found.monetary))
        values: tuple[Any, ...] = ()
        if found and wanted:
            values = (wanted[0] + (BORDERS["drawn"] - found.last) // DAY - found.days(now), *wanted[1:])
        groups = {name: naive_group(name, value) for name, value in zip(rfm.MEASURES, values, strict=False)}
        expected = {name for name in texts if groups.get(name[:-1], 0) >= int(name[-1])}
        verdicts = engine.evaluate(state, catalogue, now)
        assert expected == {name for name, verdict in verdicts.items() if holds(verdict)}
        assert expected == set(engine.advance(state, catalogue, now).memberships)
        assert not any(until(verdict) for verdict in verdicts.values())


def _one_order_a_refund(refund, history):
    """A refund tells of one order: its number never names another."""
    same = [each for each in history if each.natural == refund.natural and refund.natural]
    return all(each.properties.get("order_id") == refund.properties.get("order_id") for each in same) and (
        all("total" in each.properties for each in same)
    )


def test_a_border_belongs_to_the_group_above_it_and_days_count_whole_up_to_when_it_was_drawn():
    assert [1, 2, 2, 5] == [rfm.group(value, [10, 20, 30, 40]) for value in (Decimal("9.99"), 10, 19, 40)]
    for ago, expected in ((61 * DAY - 1, FOREVER), (61 * DAY, -FOREVER)):
        node = link(parser.parse("rfm recency >= 4"), {}, {**EXAMPLE_BORDERS, "drawn": NOW + 5})
        catalogue = engine.compile_catalogue({"s": node})
        told = [event("Order Completed", 5 - ago, "1", 500)]
        state = engine.apply(engine.fresh(catalogue), told, catalogue, NOW)
        for later in (0, 1, DAY, 900 * DAY):
            assert {"s": expected} == engine.evaluate(state, catalogue, NOW + later)


def shop_of(people, drawn):
    """The state of each customer, given when they ordered, and a catalogue of the groups by the borders of a night."""
    states, found = {}, Tally()
    catalogue = engine.compile_catalogue({}, timelines=rfm.specs())
    for who, orders in people.items():
        told = [event("Order Completed", at, f"{who}-{n}", total) for n, (at, total) in enumerate(orders)]
        states[who] = engine.rebuild(told, catalogue, NOW)
        ordered = rfm.orders(Snapshot(states[who], catalogue, drawn))
        assert ordered
        found.add(ordered, drawn)
    borders = found.borders(drawn)
    texts = {**{f"{name}{n}": f"rfm {name} = {n}" for name in rfm.MEASURES for n in range(1, 6)}}
    nodes = {**{name: parser.parse(text) for name, text in texts.items()}, **{n: BODIES[n]["when"] for n in NAMED}}
    return states, engine.compile_catalogue(link(nodes, {}, borders))


def groups_of(states, catalogue, now):
    return {
        who: {name for name, verdict in engine.evaluate(state, catalogue, now).items() if holds(verdict)}
        for who, state in states.items()
    }


def test_whoever_bought_yesterday_is_not_lost_tomorrow_before_the_next_night():
    people = {n: [(-n * 60, 5000)] for n in range(60)}
    states, catalogue = shop_of(people, NOW)
    for later in (0, DAY - 1, DAY, 3 * DAY, 400 * DAY):
        for found in groups_of(states, catalogue, NOW + later).values():
            assert {"recency5", "frequency1", "monetary5", "rfm-new-customers"} == found


def test_time_alone_moves_nobody_and_an_order_moves_who_ordered():
    people = {n: [(-n * DAY, 1000 + n)] for n in range(100)}
    states, catalogue = shop_of(people, NOW)
    tonight = groups_of(states, catalogue, NOW)
    assert [20] * 5 == [sum(f"recency{n}" in found for found in tonight.values()) for n in range(1, 6)]
    for later in (1, DAY, 30 * DAY):
        assert tonight == groups_of(states, catalogue, NOW + later)
    bought = engine.apply(states[99], [event("Order Completed", 3600, "new", 10)], catalogue, NOW + 3600)
    assert "recency5" in groups_of({99: bought}, catalogue, NOW + 3600)[99]


def test_equals_share_the_better_fifth_but_one_order_is_never_often():
    most = {n: [(-n * 60, 5000)] for n in range(70)}
    more = {n: [(-100 * DAY - m, 100) for m in range(2 if n < 90 else 5)] for n in range(70, 100)}
    states, catalogue = shop_of(most | more, NOW)
    found = groups_of(states, catalogue, NOW)
    assert all({"recency5", "frequency1", "monetary5"} <= found[n] for n in most)
    assert all({"recency2", "frequency5"} <= found[n] for n in range(70, 90))
    assert all({"recency2", "frequency5"} <= found[n] for n in range(90, 100))


def test_of_fewer_than_fifty_customers_no_fifth_is_told():
    for customers, told in ((49, False), (50, True)):
        people = {n: [(-n * DAY, 1000 + n)] for n in range(customers)}
        states, catalogue = shop_of(people, NOW)
        assert told == all(groups_of(states, catalogue, NOW).values())
        assert told == any(groups_of(states, catalogue, NOW).values())
    states, catalogue = shop_of({1: [(0, 5)]}, NOW)
    fact = explanation.explain(states[1], catalogue, "recency5", NOW)["tree"]
    assert "1 customers" not in str(fact)
    assert "nobody is in a fifth: 1 customer has ordered, and 50 are needed" in str(fact)


def test_a_cancellation_without_a_number_cancels_no_order():
    order = event("Order Completed", 0, total=500)
    alike = (replace(event("Order Cancelled", 1), sort=f"2026#{number}") for number in count())
    cancelled = next(each for each in alike if event_key(each) == event_key(order))
    catalogue = engine.compile_catalogue({"s": parser.parse("rfm frequency >= 1")})
    state = engine.apply(engine.fresh(catalogue), [order, cancelled], catalogue, NOW + 1)
    found = rfm.orders(Snapshot(state, catalogue, NOW + 1))
    assert found
    assert 1 == found.frequency


def test_without_borders_nobody_is_in_a_group_but_the_orders_are_remembered():
    catalogue = engine.compile_catalogue({"s": parser.parse("rfm frequency >= 1")})
    state = engine.apply(engine.fresh(catalogue), [event("Order Completed", 0, "1", 500)], catalogue, NOW)
    assert {"s": -FOREVER} == engine.evaluate(state, catalogue, NOW)
    found = rfm.orders(Snapshot(state, catalogue, NOW))
    assert found
    assert 1 == found.frequency


def test_the_named_segments_part_all_customers():
    nodes = link({name: BODIES[name]["when"] for name in NAMED}, {}, EXAMPLE_BORDERS)
    catalogue = engine.compile_catalogue(nodes)
    assert 9 == len(NAMED)
    for days, orders, total in product((10, 40, 90, 200, 300), (1, 2, 3, 5, 9), (1, 60, 300)):
        told = [event("Order Completed", -days * DAY - n, str(n), total * 100) for n in range(orders)]
        state = engine.rebuild(told, catalogue, NOW)
        inside = [name for name, verdict in engine.evaluate(state, catalogue, NOW).items() if holds(verdict)]
        assert 1 == len(inside), (days, orders, total, inside)
    state = engine.rebuild([], catalogue, NOW)
    assert not any(map(holds, engine.evaluate(state, catalogue, NOW).values()))


def test_an_order_is_what_the_shipped_definition_says():
    shipped = load_events((Path(__file__).parents[2] / "definitions/events/bought.yaml").read_text())
    assert rfm.BOUGHT == {key: shipped[key] for key in rfm.BOUGHT}


RENTALS = {
    "id": "bought",
    "any of": ["Order Completed", "Rental Started"],
    "by": "rental_id",
    "unless": ["Rental Ended At Once"],
    "amount": "subtotal",
}


def test_an_order_is_what_the_shop_s_own_definition_says():
    segment: dict[str, Any] = {"id": "s", "name": "S", "when": parser.parse("rfm monetary >= 5")}
    borders = {"id": "rfm", "drawn": NOW, "people": 50, **{name: BORDERS[name] for name in rfm.MEASURES}}
    stored: list[tuple[str, dict[str, Any]]] = [("segments", segment), ("borders", borders), ("events", RENTALS)]
    ruleset = load([Definition(kind, body["id"], 1, "", body, "", NOW) for kind, body in stored])
    told = [
        replace(event("Rental Started", -3 * DAY), properties={"rental_id": "1", "subtotal": 3000}),
        replace(event("Rental Started", -2 * DAY), properties={"rental_id": "1", "subtotal": 3500}),
        replace(event("Order Completed", -DAY), properties={"rental_id": "2", "subtotal": 500}),
        event("Store Purchase", 0, "3", 9900),
    ]
    state = engine.apply(engine.fresh(ruleset.catalogue), told, ruleset.catalogue, NOW)
    view = Snapshot(state, ruleset.catalogue, NOW)
    assert rfm.Orders(NOW - DAY, 2, Decimal(40)) == rfm.orders(view, {}, ruleset.shop.orders)
    assert holds(engine.evaluate(state, ruleset.catalogue, NOW, ["s"])["s"])
    fact = explanation.explain(state, ruleset.catalogue, "s", NOW)["tree"]
    assert "40" in str(fact)


def test_an_edit_of_what_an_order_is_counts_as_an_edit_of_every_segment_that_ranks_customers():
    segment = Definition(
        "segments", "s", 1, "", {"id": "s", "name": "S", "when": parser.parse("rfm monetary >= 5")}, "", NOW
    )
    edit = Definition("events", "bought", 2, "", RENTALS, "", NOW, revision=7)
    assert {"s": 7} == load([segment, edit]).edited
    assert KeptTimelines([segment], [segment, edit]).kept(edit).keys() >= {spec.id for spec in rfm.specs({}, RENTALS)}
