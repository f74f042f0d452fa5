"""Cart recovery of carts that change: what is in them is what the e-mail shows, and nothing brings nothing."""

import pytest

from tests.flow.host import Host
from tests.flow.shop import ANN, Body, cart, checkout, known_at_every_door, line, track

HOUR = 3600
EMPTY: Body = {"line_items": []}


@pytest.fixture
def shop(host: Host) -> Host:
    """The shop with somebody who wants its mail, at the shop's door and on its page."""
    known_at_every_door(host)
    return host


def add(shop: Host, product: str, name: str, price: float, quantity: int = 1, *, event: str = "Product Added") -> None:
    """One step of an SDK, a second after the last."""
    said = track(event, user="ann", cart_id="web-1", product_id=product, name=name, price=price, quantity=quantity)
    assert shop.segment("track", said).status == 200
    shop.clock.advance("1s")


def remove(shop: Host, product: str, quantity: int = 1) -> None:
    add(shop, product, "", 0, quantity, event="Product Removed")


def test_a_cart_of_several_additions_is_shown_with_all_its_lines_and_its_total(shop: Host) -> None:
    add(shop, "1", "Walnut watch", 129.5)
    add(shop, "2", "Oak stand", 30, 2)
    add(shop, "3", "Cherry clock", 80)
    add(shop, "1", "Walnut watch", 129.5)
    remove(shop, "3")
    shop.clock.advance("1h")
    (mail,) = shop.mailbox()
    for body in (mail["text"], mail["html"]):
        assert "Walnut watch" in body
        assert "259.00" in body
        assert "60.00" in body
        assert "319.00" in body
        assert "Cherry clock" not in body


def test_steps_after_a_checkout_change_what_it_said(shop: Host) -> None:
    lines = [{"product_id": "1", "name": "Walnut watch", "price": 100, "quantity": 1}]
    shop.segment("track", track("Checkout Started", user="ann", cart_id="web-1", total=105, products=lines))
    shop.clock.advance("1s")
    add(shop, "2", "Oak stand", 30)
    shop.clock.advance("1h")
    (mail,) = shop.mailbox()
    assert "130.00" in mail["text"]
    assert "105.00" not in mail["text"]


def test_no_e_mail_about_a_cart_whose_last_line_was_removed(shop: Host) -> None:
    add(shop, "1", "Walnut watch", 129.5, 2)
    remove(shop, "1")
    remove(shop, "1")
    shop.clock.advance("3d")
    assert [] == shop.mailbox()


def test_no_e_mail_about_a_cart_that_the_storefront_says_is_empty(shop: Host) -> None:
    shop.webhook("carts/create", cart("c1"))
    shop.webhook("checkouts/create", checkout("ch-c1", ANN, cart="c1"))
    shop.clock.advance("30m")
    shop.webhook("carts/update", {**cart("c1"), **EMPTY})
    shop.clock.advance("3d")
    assert [] == shop.mailbox()


def test_no_e_mail_about_a_checkout_without_lines(shop: Host) -> None:
    start = shop.clock()
    shop.webhook("checkouts/create", checkout("ch-c1", ANN, cart="c1"))
    shop.clock.advance("30m")
    changed = checkout("ch-c1", ANN, cart="c1", at=start, updated=shop.clock())
    shop.webhook("checkouts/update", {**changed, **EMPTY})
    shop.clock.advance("3d")
    assert [] == shop.mailbox()


@pytest.mark.parametrize("rest", ["10m", "5h"], ids=["before its hour is over", "hours later"])
def test_an_emptied_cart_that_is_filled_again_has_its_hour_from_then_on(shop: Host, rest: str) -> None:
    add(shop, "1", "Walnut watch", 129.5)
    remove(shop, "1")
    shop.clock.advance(rest)
    start = shop.clock()
    add(shop, "2", "Oak stand", 30)
    shop.clock.to(start + HOUR - 1)
    assert [] == shop.mailbox()
    shop.clock.to(start + HOUR)
    (mail,) = shop.mailbox()
    assert "Oak stand" in mail["text"]
    assert "Walnut watch" not in mail["text"]


def test_a_cart_that_was_emptied_later_and_told_first_is_empty(shop: Host) -> None:
    start = shop.clock()
    shop.clock.advance("10m")
    shop.webhook("carts/update", {**cart("c1", at=start + 60), **EMPTY})
    shop.webhook("checkouts/create", checkout("ch-c1", ANN, cart="c1", at=start))
    shop.webhook("carts/create", cart("c1", line(), at=start))
    shop.clock.advance("3d")
    assert [] == shop.mailbox()
