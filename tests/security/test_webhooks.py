"""A webhook means what its signed body says: the topic and the shop in the headers are only claims."""

import json
from typing import Any

import pytest

from tests.flow.host import Host
from tests.flow.shop import ANN, BEN, customer, order, redact
from tests.real_bodies import SHOPIFY, deliveries
from tests.unit.test_shopify_shapes import golden, kind

SHOP = "corner-shop.myshopify.com"
TOPICS = (
    "orders/create",
    "orders/cancelled",
    "refunds/create",
    "checkouts/create",
    "carts/update",
    "customers/update",
    "customers_email_marketing_consent/update",
    "customers/data_request",
    "customers/redact",
    "shop/redact",
    "products/update",
)


def quarantine(host: Host) -> list[dict[str, Any]]:
    """What lies in quarantine, newest first."""
    return json.loads(host.api("GET", "quarantine?limit=1000").body)["items"]


def known(host: Host, *people: Any) -> list[Any]:
    """The profiles of these people as they are stored."""
    return [host.profile(f"email:{person.email}") for person in people]


def test_a_signed_order_under_the_topic_of_an_erasure_erases_nobody(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN, consent="subscribed"))
    bought = order(9001, ANN)
    bare.webhook("orders/create", bought)
    before = known(bare, ANN)
    for topic in ("customers/redact", "shop/redact", "CUSTOMERS_REDACT"):
        assert 200 == bare.webhook(topic, bought).status
    assert before == known(bare, ANN)
    assert ["customers/redact: shop_domain is missing"] * 2 + ["shop/redact: shop_domain is missing"] == sorted(
        item["reason"] for item in quarantine(bare)
    )


def test_a_request_for_data_under_the_topic_of_the_shops_erasure_erases_nobody(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN))
    asked = {"shop_id": 1, "shop_domain": SHOP, "customer": {"id": ANN.id, "email": ANN.email}, "orders_requested": []}
    bare.webhook("shop/redact", asked)
    bare.webhook("customers/redact", asked)
    bare.clock.advance("2h")
    assert all(known(bare, ANN))
    assert 2 == len(quarantine(bare))


def test_no_golden_body_under_the_topic_of_another_kind_changes_anybody(bare: Host) -> None:
    _nobody_changes(bare, [(topic, body) for _, topic, body in golden()])


@pytest.mark.skipif(not SHOPIFY.is_dir(), reason="the shared data is not beside the checkout")
def test_no_real_body_under_the_topic_of_another_kind_changes_anybody(bare: Host) -> None:
    _nobody_changes(bare, [(topic, body.replace(b"{shop}", b"corner-shop")) for _, topic, body in deliveries()])


def _nobody_changes(bare: Host, told: list[tuple[str, bytes]]) -> None:
    """Send each body under every topic that is not of its kind, to a shop that knows the people of all of them."""
    for person in (ANN, BEN):
        bare.webhook("customers/create", customer(person, consent="unsubscribed"))
    bare.webhook("orders/create", order(9001, ANN))
    bare.settle()
    before = _stored(bare)
    for own, body in told:
        for topic in TOPICS:
            if kind(topic) != kind(own):
                assert 200 == bare.webhook(topic, body).status
    bare.settle()
    assert before == _stored(bare)


def _stored(bare: Host) -> list[str]:
    """Every row of the log, of the people and of the catalogue."""
    tables = ("log", "identifiers", "profiles", "products", "messages")
    return sorted(
        json.dumps(row, default=str, sort_keys=True) for name in tables for row in bare.inner.rows(name, 1000)
    )


def test_a_redaction_still_erases_its_customer(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN))
    bare.webhook("customers/create", customer(BEN))
    bare.webhook("customers/redact", redact(ANN))
    assert [None, True] == [None if each is None else True for each in known(bare, ANN, BEN)]
