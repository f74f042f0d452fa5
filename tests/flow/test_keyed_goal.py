"""The goal of a flow with a key: one of another value ends no run, one that names no value ends every older one."""

import pytest
from test_publication_starts import CART, DAY, HOUR, START, Shop

from functions.core.instants import holds
from functions.core.segments.engine import evaluate

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


def shop_of(flow: str = CART, *told: tuple[str, dict[str, str]]) -> Shop:
    """A shop in which the events happened to one person, ten minutes apart; a day has gone by since."""
    shop = Shop(flow, segments=(LEFT,) if flow is CART else ())
    for place, (name, properties) in enumerate(told):
        shop.to(START + 600 * place)
        shop.happen(1, name, **properties)
    shop.to(START + 600 * len(told) + HOUR)
    return shop


def has_left_a_cart(shop: Shop) -> bool:
    (profile,) = shop.people.hots.values()
    return holds(evaluate(shop.loaded.state(profile), shop.loaded.catalogue, shop.now, ["left"])["left"])


@pytest.mark.parametrize(
    ("answer", "mails"),
    [({"cart_id": "c1"}, 0), ({"cart_id": "c2"}, 1), ({}, 0), ({"cart_id": ""}, 0)],
    ids=["of the cart", "of another cart", "of no cart", "of a cart without a name"],
)
def test_an_order_ends_the_reminder_of_its_own_cart_and_one_without_a_cart_that_of_each(answer, mails) -> None:
    shop = shop_of(CART, (ADDED, {"cart_id": "c1"}), (BOUGHT, answer))
    assert mails == len(shop.mails)
    assert bool(mails) is has_left_a_cart(shop)


def test_an_order_without_a_cart_ends_no_reminder_of_a_cart_that_was_filled_later() -> None:
    shop = shop_of(CART, (BOUGHT, {}), (ADDED, {"cart_id": "c1"}))
    assert 1 == len(shop.mails)
    assert has_left_a_cart(shop)


def test_the_cancellation_of_another_order_ends_no_run() -> None:
    shop = shop_of(UNPAID, (BOUGHT, {"order_id": "1"}), (BOUGHT, {"order_id": "2"}), (CANCELLED, {"order_id": "2"}))
    assert 1 == len(shop.mails)


def test_an_order_of_another_cart_begins_no_run_of_this_one_anew() -> None:
    shop = shop_of(CART, (ADDED, {"cart_id": "c1"}), (BOUGHT, {"cart_id": "c2"}))
    shop.happen(1, ADDED, cart_id="c1")
    shop.to(START + 2 * DAY)
    assert [START + HOUR] == [mail.at for mail in shop.mails]
