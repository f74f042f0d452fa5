"""A buyer of a WooCommerce shop: left at the payment, paid in the end, and paid back, told in any order."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.runtime.clock import now, rfc3339
from tests.flow.host import Host, opened

START = "2026-11-21T08:00:00Z"
ANN = "email:ann@x.org"
FOREVER = "id: buyers\nname: Buyers\nwhen: did bought within 365 days\n"
SPENT = "id: spenders\nname: Spenders\nwhen: sum of net total over bought within 365 days > 20\n"


@pytest.fixture
def host(monkeypatch):
    monkeypatch.setenv("SEGUE_NOW", START)
    with opened(shop_domain="shop.example") as found:
        found.publish("segments", "buyers", FOREVER)
        found.publish("segments", "spenders", SPENT)
        yield found


def gmt(at: int) -> str:
    return rfc3339(at).removesuffix("Z")


def order(created: int, status: str, **more: Any) -> dict[str, Any]:
    """The order 727, of 29.90, as it is now."""
    return {
        "id": 727,
        "order_key": "wc_order_aB3dE5fG7hJ9k",
        "status": status,
        "currency": "EUR",
        "date_created_gmt": gmt(created),
        "date_modified_gmt": gmt(now()),
        "date_paid_gmt": None,
        "total": "29.90",
        "billing": {"email": "ann@x.org", "first_name": "Ann"},
        "payment_url": "https://shop.example/checkout/order-pay/727/?pay_for_order=true",
        "line_items": [{"product_id": 93, "name": "Scarf", "quantity": 1, "total": "29.90", "price": 29.9}],
        "meta_data": [{"key": "_email_marketing_consent", "value": "subscribed"}],
        "_links": {"self": [{"href": "https://shop.example/wp-json/wc/v3/orders/727"}]},
        **more,
    }


def segments(host: Host) -> set[str]:
    person = host.profile(ANN)
    assert person is not None
    return {segment["id"] for segment in person["segments"]} & {"buyers", "spenders"}


def told(host: Host, topic: str, body: Mapping[str, Any]) -> None:
    assert 200 == host.delivery("woocommerce", topic, body).status


def subjects(host: Host) -> list[str]:
    return [mail["subject"] for mail in host.mailbox() if mail["to"] == "ann@x.org"]


def test_whoever_left_at_the_payment_is_reminded_with_the_link_to_pay(host):
    told(host, "order.created", order(now(), "pending"))
    host.clock.advance("2h")
    (mail,) = [mail for mail in host.mailbox() if mail["to"] == "ann@x.org"]
    assert "Scarf" in mail["html"]
    assert "order-pay/727" in mail["html"]
    assert set() == segments(host)


def test_whoever_paid_in_time_gets_no_reminder_though_the_webhooks_come_backwards(host):
    began = now()
    told(host, "order.created", waiting := order(began, "pending"))
    host.clock.advance("30m")
    paid = order(began, "processing", date_paid_gmt=gmt(now()))
    told(host, "order.updated", paid)
    told(host, "order.updated", waiting)
    host.clock.advance("3h")
    assert not [subject for subject in subjects(host) if "left" in subject.lower() or "cart" in subject.lower()]
    assert {"buyers", "spenders"} == segments(host)


def test_an_order_told_by_webhook_and_page_counts_once_and_refunds_are_taken_off_once(host):
    began = now()
    page = {"order_id": "727", "total": 29.9, "currency": "EUR"}
    host.segment("track", {"event": "Order Completed", "userId": "u1", "messageId": "m1", "properties": page})
    host.segment("identify", {"userId": "u1", "messageId": "m2", "traits": {"email": "ann@x.org"}})
    told(host, "order.created", order(began, "processing"))
    host.clock.advance("1h")
    refunded = {"refunds": [{"id": 801, "total": "-9.00"}]}
    for hours in range(3):
        told(host, "order.updated", order(began, "completed", customer_note=f"call {hours}", **refunded))
        host.clock.advance("1h")
    # 29.90 less 9.00 once are 20.90; counted twice it would be 38.80 or 11.90.
    assert {"buyers", "spenders"} == segments(host)
    more = {"refunds": [{"id": 801, "total": "-9.00"}, {"id": 802, "total": "-1.00"}]}
    told(host, "order.updated", order(began, "completed", **more))
    assert {"buyers"} == segments(host)
    told(host, "order.updated", order(began, "refunded", **more))
    assert set() == segments(host)


def test_a_signed_body_of_another_shop_is_kept_apart(host):
    links = {"self": [{"href": "https://other.example/wp-json/wc/v3/orders/727"}]}
    told(host, "order.created", order(now(), "processing", _links=links))
    assert host.profile(ANN) is None
