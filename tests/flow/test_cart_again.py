"""A cart id that is used again after an order is a new cart, whatever order the events come in."""

from itertools import permutations
from typing import Any

import pytest

from functions.core.flows.entry import entry_of, key_of_entry, opened
from functions.core.timelines.entry import Entry
from tests.flow.test_publication_starts import CART, DAY, HOUR, START, Shop

ADDED, BOUGHT = "Product Added", "Order Completed"


def happened(shop: Shop, told: list[tuple[str, int]], cart: bool = True) -> None:
    for name, at in told:
        more = {"cart_id": "c"} if cart or name == ADDED else {"order_id": str(at)}
        shop.happen(1, name, ago=shop.now - START - at, **more)
        shop.settle()


@pytest.mark.parametrize("cart", [True, False], ids=["of the cart", "that names no cart"])
def test_a_cart_that_is_filled_again_after_an_order_is_reminded_of(cart: bool) -> None:
    shop = Shop(CART)
    shop.to(START)
    for name, at in ((ADDED, 0), (BOUGHT, 600), (ADDED, DAY), (BOUGHT, DAY + 600), (ADDED, 2 * DAY)):
        shop.to(START + at)
        happened(shop, [(name, at)], cart)
    shop.to(START + 4 * DAY)
    assert [START + 2 * DAY + HOUR] == [mail.at for mail in shop.mails]


def test_an_order_after_the_second_filling_stops_its_reminder() -> None:
    shop = Shop(CART)
    shop.to(START + 900)
    happened(shop, [(ADDED, 0), (BOUGHT, 300), (ADDED, 600), (BOUGHT, 900)])
    shop.to(START + DAY)
    assert [] == shop.mails


PATIENT, AGAIN = CART.replace("1 hour", "3 hours"), 300 + HOUR


@pytest.mark.parametrize("told", list(permutations([(ADDED, 0), (BOUGHT, 300), (ADDED, AGAIN)])))
def test_the_cart_is_a_new_one_in_whatever_order_it_is_heard_of(told: list[tuple[str, int]]) -> None:
    shop = Shop(PATIENT)
    shop.to(START + AGAIN + 60)
    happened(shop, list(told))
    shop.to(START + DAY)
    assert [START + AGAIN + 3 * HOUR] == [mail.at for mail in shop.mails]


def test_an_order_that_is_heard_of_after_the_reminder_leads_to_no_second_one() -> None:
    shop = Shop(PATIENT)
    shop.to(START + AGAIN)
    happened(shop, [(ADDED, 0), (ADDED, AGAIN)])
    shop.to(START + AGAIN + 3 * HOUR)
    assert 1 == len(shop.mails)
    happened(shop, [(BOUGHT, 300)])
    shop.to(START + DAY)
    assert 1 == len(shop.mails)


def test_what_is_told_of_the_cart_in_the_hour_after_the_order_is_no_new_cart() -> None:
    shop = Shop(PATIENT)
    shop.to(START + 300 + HOUR - 1)
    happened(shop, [(ADDED, 0), (BOUGHT, 300), (ADDED, 300 + HOUR - 1)])
    shop.to(START + DAY)
    assert [] == shop.mails


ORDERED = [{"product_id": "a", "quantity": 1}, {"product_id": "b", "quantity": 1}]
MORE = [*ORDERED, {"product_id": "c", "quantity": 1}]


Fact = tuple[str, dict[str, Any], int]


def told(shop: Shop, *facts: Fact) -> None:
    """What happened, heard of in this order at the time of the last."""
    shop.to(START + max(at for _, _, at in facts))
    for name, properties, at in facts:
        shop.happen(1, name, ago=shop.now - START - at, **properties)
        shop.settle()


FIRST: Fact = (ADDED, {"cart_id": "c", "products": ORDERED}, 0)
ORDER: Fact = (BOUGHT, {"cart_id": "c", "products": ORDERED}, 300)
TILL: Fact = (BOUGHT, {"order_id": "1", "products": ORDERED}, 300)


@pytest.mark.parametrize("order", [ORDER, TILL], ids=["of the cart", "that names no cart"])
@pytest.mark.parametrize(
    ("held", "mails"),
    [
        ({"products": MORE}, 1),
        ({"products": MORE[2:]}, 1),
        ({"product_id": "c"}, 1),
        ({"products": ORDERED}, 0),
        ({"products": ORDERED[:1]}, 0),
        ({"product_id": "a"}, 0),
        ({"sku": "c"}, 0),
        ({}, 0),
    ],
    ids=[
        "more than was ordered",
        "something else",
        "a step with something else",
        "what was ordered",
        "a part of it",
        "a step with a part of it",
        "what cannot be compared",
        "nobody knows what",
    ],
)
def test_a_cart_with_what_was_not_ordered_is_a_new_one_at_once(order, held, mails) -> None:
    again = (ADDED, {"cart_id": "c", **held}, 900)
    for facts in permutations((FIRST, order, again)):
        shop = Shop(CART)
        told(shop, *facts)
        shop.to(START + DAY)
        assert [START + 900 + HOUR] * mails == [mail.at for mail in shop.mails]


def test_what_was_ordered_put_into_the_new_cart_again_begins_its_hour_anew() -> None:
    shop = Shop(CART)
    told(shop, FIRST, ORDER)
    told(shop, (ADDED, {"cart_id": "c", "product_id": "c"}, 600))
    told(shop, (ADDED, {"cart_id": "c", "product_id": "a"}, 1200))
    shop.to(START + DAY)
    assert [START + 1200 + HOUR] == [mail.at for mail in shop.mails]


def test_an_order_of_the_new_cart_stops_its_reminder_within_the_hour() -> None:
    shop = Shop(CART)
    told(shop, FIRST, ORDER)
    told(shop, (ADDED, {"cart_id": "c", "product_id": "c"}, 600))
    told(shop, (BOUGHT, {"cart_id": "c", "products": MORE[2:]}, 1200))
    shop.to(START + DAY)
    assert [] == shop.mails


def began(time: int) -> Entry:
    return Entry(time, 0, 1, "")


def test_an_entry_is_named_by_its_key_and_the_order_before() -> None:
    assert "1f" == entry_of("1f", began(1000), [])
    assert "1f" == entry_of("1f", began(10_000), [began(6401), began(20_000)])
    assert "1f-6400" == entry_of("1f", began(10_000), [began(100), began(6400), began(6401)])
    assert ("1f", 940) == (key_of_entry("1f-940"), opened("1f-940"))
    assert ("1f", 0) == (key_of_entry("1f"), opened("1f"))
