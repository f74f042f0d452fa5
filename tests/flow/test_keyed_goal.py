"""A goal of another key ends no run, unless runs are about carts; one that names no key ends every older run."""

from typing import Any

import pytest

from functions.core.base.instants import holds
from functions.core.segments.engine import evaluate
from tests.flow.test_publication_starts import CART, HOUR, START, Shop

ADDED, BOUGHT, CANCELLED = "Product Added", "Order Completed", "Order Cancelled"
LEFT = 'id: left\nname: Left\nwhen: did "Product Added" then not "Order Completed" for 1 hour by cart_id if given\n'
UNPAID = """
id: cart
name: Unpaid orders
start: {event: Order Completed, by: order_id}
goal: Order Cancelled
steps:
  - wait: 1 hour
  - send: note
"""


def shop_of(flow: str = CART, *told: tuple[str, dict[str, Any]]) -> Shop:
    """A shop in which the events happened to one person, ten minutes apart; a day has gone by since."""
    shop = Shop(flow, segments=(LEFT,) if flow is CART else ())
    for place, (name, properties) in enumerate(told):
        shop.to(START + 600 * place)
        shop.happen(1, name, **properties)
    shop.to(START + 600 * len(told) + HOUR)
    return shop


def has_left_a_cart(shop: Shop) -> bool:
    (profile,) = shop.people.states.values()
    return holds(evaluate(shop.ruleset.state(profile), shop.ruleset.catalogue, shop.now, ["left"])["left"])


@pytest.mark.parametrize(
    ("answer", "left"),
    [({"cart_id": "c1"}, False), ({"cart_id": "c2"}, True), ({}, False), ({"cart_id": ""}, False)],
    ids=["of the cart", "of another cart", "of no cart", "of a cart without a name"],
)
def test_an_order_ends_the_reminder_of_every_older_cart_and_one_of_another_cart_leaves_it_in_the_segment(
    answer, left
) -> None:
    shop = shop_of(CART, (ADDED, {"cart_id": "c1"}), (BOUGHT, answer))
    assert [] == shop.mails
    assert left is has_left_a_cart(shop)


def test_an_order_without_a_cart_ends_no_reminder_of_a_cart_that_was_filled_later() -> None:
    shop = shop_of(CART, (BOUGHT, {}), (ADDED, {"cart_id": "c1"}))
    assert 1 == len(shop.mails)
    assert has_left_a_cart(shop)


def test_the_cancellation_of_another_order_ends_no_run() -> None:
    shop = shop_of(UNPAID, (BOUGHT, {"order_id": "1"}), (BOUGHT, {"order_id": "2"}), (CANCELLED, {"order_id": "2"}))
    assert 1 == len(shop.mails)


def test_an_order_of_a_value_that_the_start_lacks_ends_the_run() -> None:
    shop = shop_of(UNPAID, (BOUGHT, {"order_id": "1"}), (CANCELLED, {}))
    assert [] == shop.mails
