"""One meaning of "bought": whichever channel tells it, and until it is taken back as a whole."""

from typing import Any

import pytest

from local.runtime.clock import now, rfc3339
from tests.flow.host import Host
from tests.flow.shop import ANN, known_at_every_door, order, read, track

DAY = 86_400


@pytest.fixture
def shop(host: Host) -> Host:
    """The shop with somebody who wants its mail and whom its page, its till and its storefront know."""
    known_at_every_door(host)
    return host


def tell(shop: Host, event: str, **properties: Any) -> None:
    assert shop.segment("track", track(event, user="ann", **properties)).status == 200
    shop.settle()


def add(shop: Host, cart: str = "web-1") -> None:
    tell(shop, "Product Added", cart_id=cart, product_id="1", name="Walnut watch", price=129.5, quantity=1)


def refund(number: int, amount: str) -> dict[str, Any]:
    """refunds/create: it names an order and nobody."""
    paid = {"kind": "refund", "status": "success", "amount": amount, "currency": "EUR"}
    return {"id": number * 10, "order_id": number, "created_at": rfc3339(now()), "transactions": [paid]}


def subjects(shop: Host) -> list[str]:
    return [mail["subject"] for mail in shop.mailbox()]


def ids(shop: Host, segment: str) -> int:
    return len(shop.members(segment))


def test_who_pays_at_the_till_is_not_reminded_of_the_cart_on_the_web(shop: Host) -> None:
    add(shop)
    add(shop, "web-2")
    shop.clock.advance("30m")
    tell(shop, "Store Purchase", order_id="till-1", total=259)
    shop.clock.advance("1d")
    assert [] == [subject for subject in subjects(shop) if "Thank" not in subject]
    assert (0, 0) == (ids(shop, "cart-abandoned"), ids(shop, "cart-abandoned-a-day"))
    assert 1 == ids(shop, "recent-purchasers")


def test_a_cart_that_is_filled_after_the_till_is_one_again(shop: Host) -> None:
    tell(shop, "Store Purchase", order_id="till-1", total=259)
    shop.clock.advance("1m")
    add(shop)
    shop.clock.advance("1h")
    assert 1 == ids(shop, "cart-abandoned")
    assert 1 == len(subjects(shop))


def test_an_order_of_an_sdk_that_names_no_cart_ends_the_open_one(shop: Host) -> None:
    add(shop)
    shop.clock.advance("30m")
    tell(shop, "Order Completed", order_id="gid://shopify/Order/77", total=129.5)
    shop.clock.advance("2h")
    assert [] == subjects(shop)
    assert 0 == ids(shop, "cart-abandoned")


def test_a_purchase_at_the_till_ends_a_lapse_and_begins_the_next(shop: Host) -> None:
    tell(shop, "Order Completed", order_id="1", cart_id="c1", total=20)
    shop.clock.advance("91d")
    assert 1 == ids(shop, "lapsed")
    tell(shop, "Store Purchase", order_id="till-1", total=20)
    assert 0 == ids(shop, "lapsed")
    shop.clock.advance("89d")
    assert 0 == ids(shop, "lapsed")
    shop.clock.advance("1d")
    assert 1 == ids(shop, "lapsed")


def test_who_buys_at_the_till_is_not_won_back(shop: Host) -> None:
    for number in range(7):
        tell(shop, "Store Purchase", order_id=f"till-{number}", total=20)
        shop.clock.advance("60d")
    assert [] == [mail for mail in shop.mailbox() if "win-back" in mail["cause"]]
    shop.clock.advance("40d")
    assert 1 == len([mail for mail in shop.mailbox() if "win-back" in mail["cause"]])


PATIENTLY = """
id: win-back
name: Win back
start: {segment: lapsed}
reentry: once per 180 days
goal: bought
steps:
  - wait: 1 week
  - send: win-back
"""


def test_a_purchase_at_the_till_ends_a_win_back_that_is_under_way(shop: Host) -> None:
    assert 200 == shop.publish("flows", "win-back", PATIENTLY).status
    tell(shop, "Order Completed", order_id="1", cart_id="c1", total=20)
    shop.clock.advance("92d")
    tell(shop, "Store Purchase", order_id="till-1", total=20)
    shop.clock.advance("30d")
    assert [] == [mail for mail in shop.mailbox() if "win-back" in mail["cause"]]
    ann = (shop.profile("user_id:ann") or {})["id"]
    runs = [run for run in read(shop.api("GET", f"profiles/{ann}/runs"))["runs"] if run["flow"] == "win-back"]
    assert ["goal reached: Order Completed or Store Purchase"] == [run["outcome"] for run in runs]


def test_thanks_are_not_sent_for_an_order_that_was_paid_back_as_a_whole(shop: Host) -> None:
    shop.webhook("orders/create", order(1001, ANN))
    shop.clock.advance("6h")
    shop.webhook("refunds/create", refund(1001, "129.50"))
    shop.clock.advance("2d")
    assert [] == subjects(shop)
    assert 0 == ids(shop, "recent-purchasers")


def test_thanks_are_sent_for_an_order_of_which_a_part_was_paid_back(shop: Host) -> None:
    shop.webhook("orders/create", order(1001, ANN))
    shop.clock.advance("6h")
    shop.webhook("refunds/create", refund(1001, "29.50"))
    shop.clock.advance("2d")
    assert 1 == len(subjects(shop))
    assert 1 == ids(shop, "recent-purchasers")


@pytest.mark.parametrize("told", ["cancelled", "refunded", "voided"])
def test_thanks_are_not_sent_for_an_order_that_an_update_shows_to_be_none(shop: Host, told: str) -> None:
    shop.webhook("orders/create", order(1001, ANN))
    shop.clock.advance("6h")
    body = order(1001, ANN)
    made = body | {"created_at": order(1001, ANN)["created_at"]}
    ended = {"cancelled_at": made["updated_at"]} if told == "cancelled" else {"financial_status": told}
    shop.webhook("orders/updated", made | ended)
    shop.clock.advance("2d")
    assert [] == subjects(shop)


def test_a_cart_that_was_bought_and_cancelled_brings_no_reminder(shop: Host) -> None:
    add(shop)
    shop.clock.advance("20m")
    tell(shop, "Order Completed", order_id="5", cart_id="web-1", total=129.5)
    shop.clock.advance("10m")
    tell(shop, "Order Cancelled", order_id="5", total=129.5)
    shop.clock.advance("2d")
    assert [] == subjects(shop)
    assert 0 == ids(shop, "cart-abandoned")
    assert 0 == ids(shop, "recent-purchasers")
