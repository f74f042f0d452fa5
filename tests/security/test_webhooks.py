"""A webhook means what its signed body says: the topic and the shop in the headers are only claims."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest

from local.runtime.lambda_events import LocalAnswer
from tests.flow.host import Host, opened
from tests.flow.shop import ANN, BEN, customer, order, read, redact
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


def preview_headers(host: Host, topic: str, action: str, raw: bytes) -> dict[str, str]:
    """The headers of a delivery of Shopify's newer kind: without ``X-``, the topic in two parts."""
    signature = hmac.new(host.keys["webhooks"]["shopify"].encode(), raw, hashlib.sha256).digest()
    return {
        "Shopify-Hmac-Sha256": base64.b64encode(signature).decode(),
        "Shopify-Topic": topic,
        "Shopify-Action": action,
        "SHOPIFY-SHOP-DOMAIN": SHOP,
    }


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


def test_an_erasure_whose_header_names_another_shop_than_its_body_erases_nobody(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN))
    bare.webhook("customers/redact", redact(ANN), shop_domain="other-shop.myshopify.com")
    assert all(known(bare, ANN))
    assert ["customers/redact: X-Shopify-Shop-Domain is another shop's than shop_domain in the body"] == [
        item["reason"] for item in quarantine(bare)
    ]


@pytest.mark.parametrize("topic", ["customers/redact", "shop/redact"])
def test_an_erasure_that_names_another_shop_erases_nobody(bare: Host, topic: str) -> None:
    bare.webhook("customers/create", customer(ANN))
    body = {**redact(ANN), "shop_domain": "other-shop.myshopify.com"}
    if topic == "shop/redact":
        body = {"shop_id": 2, "shop_domain": "other-shop.myshopify.com"}
    for header in (SHOP, "other-shop.myshopify.com", ""):
        bare.webhook(topic, body, shop_domain=header)
    bare.clock.advance("1h")
    assert all(known(bare, ANN))
    assert 3 == len(quarantine(bare))


def test_an_order_of_another_shop_is_kept_apart(bare: Host) -> None:
    assert 200 == bare.webhook("orders/create", order(9001, ANN), shop_domain="other-shop.myshopify.com").status
    assert [None] == known(bare, ANN)
    assert ["orders/create: X-Shopify-Shop-Domain is not a domain of the setting shop_domain"] == [
        item["reason"] for item in quarantine(bare)
    ]


def test_the_shops_domain_is_read_in_any_case_and_without_the_prefix_of_its_header(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN), shop_domain="Corner-Shop.MyShopify.com.")
    raw = json.dumps(customer(BEN)).encode()
    bare.request("POST", "/hooks/shopify", raw, preview_headers(bare, "customers", "create", raw))
    assert all(known(bare, ANN, BEN))
    assert [] == quarantine(bare)


ASKED = {"shop_id": 1, "shop_domain": SHOP}


def confirm(host: Host, shop: str) -> LocalAnswer:
    """Confirm the erasure of the shop, as its owner does."""
    return host.api("POST", "erasures/shop", json.dumps({"confirm": shop}).encode())


def test_a_shop_is_erased_only_when_its_owner_confirms_it(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN))
    bare.webhook("shop/redact", ASKED)
    bare.clock.advance("40d")
    assert all(known(bare, ANN))
    (item,) = read(bare.api("GET", "erasures/shop"))["items"]
    assert (SHOP, None) == (item["shop"], item["confirmed"])
    assert [400, 400, 400] == [confirm(bare, wrong).status for wrong in ("", "yes", "other-shop.myshopify.com")]
    assert all(known(bare, ANN))
    assert [200, 200] == [confirm(bare, right).status for right in (SHOP.upper(), SHOP)]
    assert [None] == known(bare, ANN)
    assert "local" == read(bare.api("GET", "erasures/shop"))["items"][0]["author"]


def test_a_shop_that_its_storefront_did_not_ask_to_erase_is_not_erased(bare: Host) -> None:
    bare.webhook("customers/create", customer(ANN))
    assert 404 == confirm(bare, SHOP).status
    bare.clock.advance("1h")
    assert all(known(bare, ANN))


def test_a_shop_that_has_not_said_its_domain_is_not_erased() -> None:
    with opened(shipped=False, shop_domain="") as host:
        host.webhook("customers/create", customer(ANN))
        host.webhook("customers/create", customer(BEN))
        host.webhook("shop/redact", ASKED)
        host.webhook("customers/redact", redact(BEN))
        assert ["shop/redact: the setting shop_domain is not set; set it, then replay this request"] == [
            item["reason"] for item in quarantine(host)
        ]
        assert 400 == confirm(host, SHOP).status
        assert [True, False] == [bool(person) for person in known(host, ANN, BEN)]
