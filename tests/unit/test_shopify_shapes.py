"""Each topic's bodies are told from those of every other topic by their fields: Shopify signs the body alone."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from functions.core.base.errors import NotUnderstood
from functions.core.base.translation import Request, Translation
from functions.sources.shopify.topics import TOPICS, translate
from tests.real_bodies import SHOPIFY, deliveries

GOLDEN = Path(__file__).parent.parent / "golden" / "sources" / "shopify"
RECEIVED = 1_795_288_320
# Topics whose bodies are of one kind: each topic of a kind may tell of another's body what it says itself.
KINDS = (
    ("orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled", "orders/edited"),
    ("checkouts/create", "checkouts/update"),
    ("carts/create", "carts/update"),
    ("customers/create", "customers/update", "customers/enable", "customers/disable"),
    ("products/create", "products/update"),
    ("customers_marketing_consent/update", "customers_email_marketing_consent/update"),
)
ORDERS = {"orders/partially_fulfilled"}


def kind(topic: str) -> str:
    """The first topic of those whose bodies are alike."""
    if topic in ORDERS:
        return "orders/create"
    return next((kind[0] for kind in KINDS if topic in kind), topic)


@cache
def golden() -> list[tuple[str, str, bytes]]:
    """(case, topic, body) of the golden requests that are understood."""
    return [
        (case["case"], case["headers"]["x-shopify-topic"].lower().replace("orders_", "orders/"), _raw(case["body"]))
        for path in sorted(GOLDEN.glob("*.json"))
        for case in json.loads(path.read_text())
        if "x-shopify-topic" in case["headers"] and "not understood" not in case["expect"]
    ]


def _raw(body: Any) -> bytes:
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def real() -> list[tuple[str, str, bytes]]:
    """The same of what Shopify sent or documented; its pages write ``{shop}`` for the shop."""
    return [(name, topic, body.replace(b"{shop}", b"corner-shop")) for name, topic, body in deliveries()]


def others(told: list[tuple[str, str, bytes]]) -> Iterator[tuple[str, str, Translation]]:
    """Each body under every topic of another kind that is understood nevertheless."""
    for name, own, raw in told:
        for topic in TOPICS:
            if kind(topic) != kind(own):
                try:
                    yield name, topic, translate(Request(raw, received=RECEIVED), topic, json.loads(raw))
                except NotUnderstood:
                    continue


def meant(translation: Translation) -> bool:
    """True if the translation says anything."""
    return bool(translation.events or translation.products or translation.erasures)


def test_a_golden_body_under_the_topic_of_another_kind_is_never_understood() -> None:
    assert [] == [(name, topic) for name, topic, told in others(golden()) if meant(told)]


@pytest.mark.skipif(not SHOPIFY.is_dir(), reason="the shared data is not beside the checkout")
def test_a_real_body_under_the_topic_of_another_kind_is_never_understood() -> None:
    assert [] == [(name, topic) for name, topic, told in others(real()) if meant(told)]


@pytest.mark.parametrize(
    ("topic", "reason"),
    [
        ("orders/cancelled", "orders/cancelled: cancelled_at is missing"),
        ("orders/paid", "orders/paid: financial_status is not that of a paid order"),
    ],
)
def test_a_new_order_is_neither_a_cancelled_nor_a_paid_one(topic: str, reason: str) -> None:
    order = {
        "id": 1,
        "created_at": "2026-11-21T10:00:00Z",
        "updated_at": "2026-11-21T10:00:00Z",
        "cancelled_at": None,
        "total_price": "10.00",
        "line_items": [],
        "financial_status": "pending",
    }
    with pytest.raises(NotUnderstood, match=reason):
        translate(Request(b"", received=RECEIVED), topic, order)


@pytest.mark.parametrize(
    "body",
    [
        {"shop_domain": "corner-shop.myshopify.com", "customer": {"id": 1}},
        {"shop_domain": "corner-shop.myshopify.com", "customer": [], "orders_to_redact": []},
        {"shop_domain": "corner-shop.myshopify.com", "customer": {"id": 1}, "orders_to_redact": "1"},
        {"customer": {"id": 1}, "orders_to_redact": []},
        {"shop_domain": "", "customer": {"id": 1}, "orders_to_redact": []},
        {"shop_domain": "corner-shop.myshopify.com", "customer": {"id": 1}, "orders_to_redact": [], "line_items": []},
    ],
)
def test_an_erasure_of_a_customer_needs_every_field_of_its_own(body: dict[str, Any]) -> None:
    with pytest.raises(NotUnderstood):
        translate(Request(b"", received=RECEIVED), "customers/redact", body)


@pytest.mark.parametrize("more", [{"customer": None}, {"orders_to_redact": []}, {"id": 1}, {"anything": 1}])
def test_an_erasure_of_a_shop_has_no_field_but_its_own(more: dict[str, Any]) -> None:
    body = {"shop_id": 1, "shop_domain": "corner-shop.myshopify.com", **more}
    with pytest.raises(NotUnderstood, match="another topic's"):
        translate(Request(b"", received=RECEIVED), "shop/redact", body)
