"""Shopify's webhooks: signed over the raw body, one topic each, delivered at least once and in any order."""

from collections.abc import Sequence
from typing import Any

from functions.core.base.translation import Request, Translation
from functions.sources.base import Source
from functions.sources.shopify.headers import header
from functions.sources.storefront import check_signature, check_topic

TOPIC = "X-Shopify-Topic"


def verify(request: Request, secrets: Sequence[str]) -> None:
    """Compare the signature with that of every accepted secret in constant time; raises BadSignature."""
    check_signature(header(request, "shopify-hmac-sha256"), request.body, filter(None, secrets))


def check(request: Request) -> None:
    """Refuse a request without a topic; raises Malformed."""
    check_topic(_topic(request), TOPIC, "orders/create")


def emit(request: Request, body: Any) -> Translation:
    """Translate the body by its topic."""
    # The models are loaded by the first webhook, so that a function that takes other sources' does without them.
    from functions.sources.shopify.topics import translate

    return translate(request, _topic(request), body)


def _topic(request: Request) -> str:
    topic, action = header(request, "shopify-topic").lower(), header(request, "shopify-action").lower()
    return f"{topic}/{action}" if topic and action and "/" not in topic else topic


SOURCE = Source(
    name="shopify",
    label="Shopify",
    secret="shopify",
    verify=verify,
    emit=emit,
    limit=5_000_000,
    namespaces=("email", "shopify", "shopify_cart", "shopify_checkout", "shopify_order"),
    check=check,
    keeps=tuple(
        f"{prefix}shopify-{name}"
        for prefix in ("x-", "")
        for name in ("topic", "action", "event-id", "webhook-id", "triggered-at", "shop-domain", "api-version")
    ),
    hook=True,
    reader="functions.sources.shopify.topics",
)
