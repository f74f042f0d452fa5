"""What is in a cart: tests/golden/carts/content.json, and the same in any order."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event
from functions.core.timelines import carts

CASES = json.loads((Path(__file__).parent.parent / "golden" / "carts" / "content.json").read_text())


def told(place, time, name, properties, revision=0):
    return Event(name, time, time, ("user_id:1",), f"{place:03d}", "t", properties=properties, revision=revision)


def events(case):
    return [told(place, *each) for place, each in enumerate(case["events"])]


@pytest.mark.parametrize("case", [pytest.param(case, id=case["says"]) for case in CASES])
def test_each_golden_cart_holds_its_lines(case):
    cart = carts.content(events(case))
    expected = case["lines"]
    assert expected == (cart and [[line["product_id"], line.get("quantity", 1)] for line in cart.lines])
    assert case.get("told", False) == bool(cart and cart.whole_event)
    assert (expected == []) == carts.is_empty(events(case))


ALL = [told(place, *each) for place, each in enumerate(each for case in CASES for each in case["events"])]


@given(st.lists(st.sampled_from(ALL), max_size=8), st.randoms())
def test_a_cart_is_the_same_in_whatever_order_its_events_arrive(given, random):
    shuffled = given.copy()
    random.shuffle(shuffled)
    assert carts.content(given) == carts.content(shuffled)


def test_a_line_shows_the_newest_price_and_no_sum_of_an_older_quantity():
    first = {"product_id": "1", "name": "Lamp", "price": 1000, "line_price": 1000, "cart_id": "c1"}
    cart = carts.content(
        [told(1, 1, "Product Added", first), told(2, 2, "Product Added", {"sku": "", **first, "price": 900})]
    )
    assert cart
    assert ({"product_id": "1", "name": "Lamp", "price": 900, "sku": "", "quantity": 2},) == cart.lines
