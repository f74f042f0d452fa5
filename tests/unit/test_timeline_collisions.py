"""No two events count as one because their short keys are equal, whatever comes when and how often."""

from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import Undecided
from functions.core.base.instants import holds
from functions.core.profiles.state import pack, unpack
from functions.core.segments import engine
from functions.core.segments.language import parser
from functions.core.timelines.event_keys import event_key
from tests.unit import reference
from tests.unit.colliding import ORDERS, T, alike, counted, ordered, viewed
from tests.unit.strategies import thorough


def compiled(**texts):
    return engine.compile_catalogue({name: parser.parse(text) for name, text in texts.items()})


def told_one_by_one(catalogue, events, history):
    state = engine.fresh(catalogue)
    for event in events:
        state = unpack(
            pack(engine.apply(state, [event], catalogue, T + 9, engine.KnownEvents(history))), catalogue.names, ""
        )
    return state


def test_two_events_of_one_second_with_one_short_key_are_two():
    first, second = alike()
    catalogue = compiled(a='did "Product Viewed" at least 2 times')
    together = engine.rebuild([first, second], catalogue, T)
    assert [2] == counted(together, catalogue)
    for way in ([first, second], [second, first], [first, second, first, second, second]):
        assert together.timelines == told_one_by_one(catalogue, way, way).timelines


def test_an_event_that_comes_again_is_one():
    first = viewed("m0")
    catalogue = compiled(a='did "Product Viewed" at least 2 times')
    state = told_one_by_one(catalogue, [first, first, first], [first])
    assert [1] == counted(state, catalogue)
    assert engine.rebuild([first], catalogue, T).timelines == state.timelines


def test_six_hundred_events_dated_one_day_are_six_hundred():
    events = [viewed(f"m{number}") for number in range(600)]
    assert len({event_key(event) for event in events}) < 600
    catalogue = compiled(a='did "Product Viewed" exactly 600 times', b='did "Product Viewed" at least 601 times')
    halves, known = engine.apply(engine.fresh(catalogue), events[:300], catalogue, T), engine.KnownEvents(events)
    for state in (engine.rebuild(events, catalogue, T), engine.apply(halves, events[250:], catalogue, T, known)):
        assert {"a": True, "b": False} == {
            name: holds(verdict) for name, verdict in engine.evaluate(state, catalogue, T).items()
        }


def test_two_orders_with_one_hash_are_both_paid_for():
    first, second = (ordered(order) for order in ORDERS)
    assert event_key(first) == event_key(second)
    catalogue = compiled(a='sum of total over "Order Completed" = 2', b='did "Order Completed" exactly 2 times')
    again = replace(ordered(ORDERS[0], T + 5, 1))
    history = [first, second, again]
    for way in (history, history[::-1], [again, first, again, second]):
        state = told_one_by_one(catalogue, way, history)
        assert engine.rebuild(history, catalogue, T + 9).timelines == state.timelines
        assert all(holds(verdict) for verdict in engine.evaluate(state, catalogue, T + 9).values())


def test_what_cannot_be_told_apart_is_reported_and_a_new_event_is_not():
    first, second = alike()
    catalogue = compiled(a='did "Product Viewed" at least 2 times')
    state = engine.apply(engine.fresh(catalogue), [first], catalogue, T)
    with pytest.raises(Undecided):
        engine.apply(state, [second], catalogue, T)
    with pytest.raises(Undecided):
        engine.merge(state, engine.apply(engine.fresh(catalogue), [second], catalogue, T), catalogue, T)
    new = next(event for event in (viewed(f"n{number}") for number in count()) if event_key(event) != event_key(first))
    assert [2] == counted(engine.apply(state, [new], catalogue, T), catalogue)


def test_of_the_latest_alone_it_does_not_matter_which_event_it_is():
    first, second = alike()
    catalogue = compiled(a='did "Product Viewed"', b='last "Product Viewed" within 1 day')
    state = engine.apply(engine.fresh(catalogue), [first], catalogue, T)
    assert state.timelines == engine.apply(state, [second], catalogue, T).timelines


def test_a_state_grows_only_where_keys_collide():
    first, second = alike()
    other = viewed("other", at=T + 1)
    catalogue = compiled(a='did "Product Viewed" at least 3 times')
    alone = engine.rebuild([first, other], catalogue, T + 1)
    # Head, first time, two keys and the way to the second time, as before keys had a rest.
    assert 1 + 4 + 2 + 1 + 2 <= len(next(iter(alone.timelines.values())).packed) <= 1 + 5 + 2 + 1 + 2
    both = engine.rebuild([first, second, other], catalogue, T + 1)
    assert 27 < len(pack(both)) - len(pack(alone)) + 17 < 45


def test_a_merge_counts_what_both_did_and_once_what_both_have():
    first, second = alike()
    catalogue = compiled(a='did "Product Viewed" at least 2 times')
    ours, theirs = (engine.apply(engine.fresh(catalogue), [event], catalogue, T) for event in (first, second))
    both = engine.merge(ours, theirs, catalogue, T, engine.KnownEvents([first, second]))
    assert [2] == counted(both, catalogue)
    assert engine.rebuild([first, second], catalogue, T).timelines == both.timelines
    assert [1] == counted(engine.merge(ours, ours, catalogue, T, engine.KnownEvents([first])), catalogue)


pool = [*alike(several=3), *alike(lambda message: viewed(message, at=T + 1, n=1)), viewed("other"), viewed("else", n=5)]
pool += [ordered(order, T + late, late) for order in ORDERS for late in (0, 1, 3)]
TEXTS = {
    "a": 'did any of ("Product Viewed", "Order Completed") at least 3 times',
    "b": 'did "Product Viewed" exactly 2 times within 1 minute',
    "c": 'sum of n over "Product Viewed" >= 2',
    "d": 'sum of total over "Order Completed" = 2',
    "e": 'did "Product Viewed" where n = 1 then "Product Viewed"',
    "f": 'did "Product Viewed" then "Order Completed" within 1 minute',
    "g": 'all of the last 2 "Product Viewed" followed by "Product Viewed" where n exists',
    "h": 'all of the last 2 "Product Viewed" followed by "Order Completed"',
    "i": 'last value of n over "Product Viewed" between 1 minute and 1 second ago = 1',
}


@thorough
@given(st.lists(st.sampled_from(pool), max_size=8), st.data())
def test_whatever_the_order_and_the_batches_the_state_is_that_of_the_set(history, data):
    catalogue = compiled(**TEXTS)
    arrivals = data.draw(st.permutations(history + data.draw(st.lists(st.sampled_from(history))) if history else []))
    state, known = engine.fresh(catalogue), []
    while arrivals:
        size = data.draw(st.integers(1, 4))
        batch, arrivals = arrivals[:size], arrivals[size:]
        known += batch
        state = unpack(
            pack(engine.apply(state, batch, catalogue, T + 9, engine.KnownEvents(known))), catalogue.names, ""
        )
        assert engine.rebuild(known, catalogue, T + 9).timelines == state.timelines
    for name, text in TEXTS.items():
        expected = reference.member(parser.parse(text), history, T + 9)
        assert expected == holds(engine.evaluate(state, catalogue, T + 9)[name]), text


def test_one_event_is_not_two_steps_and_two_with_one_key_are():
    first, second = alike(lambda message: viewed(message, n=1))
    for text in (TEXTS["e"], 'all of the last 1 "Product Viewed" followed by "Product Viewed"'):
        catalogue = compiled(a=text)
        for events, expected in (([first], False), ([first, second], True)):
            state = engine.rebuild(events, catalogue, T)
            assert expected == holds(engine.evaluate(state, catalogue, T)["a"]), text


def test_two_steps_with_other_names_and_one_key_are_two_events():
    first = viewed("m0")
    events = (viewed(f"m{number}", "Product Added") for number in count())
    second = next(event for event in events if event_key(event) == event_key(first))
    texts = (
        'did "Product Viewed" then "Product Added"',
        'all of the last 1 "Product Viewed" followed by "Product Added"',
    )
    for text in texts:
        catalogue = compiled(a=text)
        assert holds(engine.evaluate(engine.rebuild([first, second], catalogue, T), catalogue, T)["a"]), text
