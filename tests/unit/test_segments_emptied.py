"""Left carts that were emptied: equal to a scan of the history while steps fall out of the window one by one."""

from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.instants import holds, until
from functions.core.profiles.state import pack, unpack
from functions.core.segments import engine
from functions.core.segments.parts import emptied
from functions.core.timelines import cart_steps as texts
from functions.core.timelines import carts
from functions.core.timelines.carts import CartChange
from tests.unit import reference
from tests.unit.strategies import START, happened, thorough
from tests.unit.strategies.events import UNASKED, cart_steps, happenings
from tests.unit.strategies.operators import emptied as conditions


@contextmanager
def horizon(seconds):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emptied, "HORIZON", seconds)
        yield


histories = st.lists(st.tuples(cart_steps | cart_steps | happenings, st.integers(0, 30)), max_size=9).map(
    lambda rows: [happened(index, made, offset, "a", UNASKED, ()) for index, (made, offset) in enumerate(rows)]
)


@thorough
@given(conditions, histories, st.permutations(range(9)), st.integers(5, 25))
def test_a_left_cart_equals_the_history_scan_at_every_second(node, history, order, span):
    with horizon(span):
        catalogue = engine.compile_catalogue({"s": node})
        now = max((event.time for event in history), default=START)
        state = engine.fresh(catalogue)
        for number, place in enumerate(order, 1):
            known = engine.KnownEvents(event for each in order[:number] for event in history[each : each + 1])
            state = engine.apply(state, history[place : place + 1], catalogue, now, known)
        assert state == unpack(pack(state), catalogue.names, "")
        end, verdict = now, None
        for instant in range(now, now + 70):
            expected = reference.member(node, history, instant)
            if verdict is None or (end is not None and instant >= end):
                verdict = engine.evaluate(state, catalogue, instant)["s"]
                end = until(verdict)
            assert expected == holds(verdict), instant - START
            assert expected == holds(engine.evaluate(state, catalogue, instant)["s"])


LINES = tuple({"product_id": f"a rather long name of product {number}", "quantity": 2} for number in range(60))


def test_a_step_is_the_same_after_it_was_kept():
    kept = [
        texts.decoded(texts.encoded(7, each))
        for each in (CartChange("all", LINES[:3]), CartChange("remove", LINES[1:3]))
    ]
    assert [texts.written(7)] * 2 == [cart for cart, _ in kept]
    left = carts.replay(step for _, step in kept)
    assert left
    assert [2] == [each["quantity"] for each in left.lines]


def test_a_cart_of_very_many_lines_is_never_seen_to_be_emptied_by_steps():
    assert len(LINES) > texts.MOST_LINES
    kept = [texts.decoded(texts.encoded(7, CartChange(kind, LINES)))[1] for kind in ("all", "remove")]
    cart = carts.replay(kept)
    assert cart
    assert 1 == len(cart.lines)
