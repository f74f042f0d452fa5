"""Shopify's webhooks: signed over the raw body, one topic each, delivered at least once and in any order."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from functions.core.base.errors import BadSignature, Fault, Malformed
from functions.core.base.translation import Request, Translation
from functions.sources.base import Source
from functions.sources.secrecy import is_one_of
from functions.sources.shopify.headers import header

TOPIC = "X-Shopify-Topic"


def verify(request: Request, secrets: Sequence[str]) -> None:
    """Compare the signature with that of every accepted secret in constant time; raises BadSignature."""
    digests = (hmac.new(secret.encode(), request.body, hashlib.sha256).digest() for secret in secrets if secret)
    if not is_one_of(header(request, "shopify-hmac-sha256"), (base64.b64encode(each).decode() for each in digests)):
        raise BadSignature


def check(request: Request) -> None:
    """Refuse a request without a topic; raises Malformed.

    Shopify always sends one, so a proxy has dropped it or another sender signs with the secret.
    """
    if not _topic(request):
        raise Malformed(
            Fault("the header is missing; it says what the body is about", TOPIC, suggestion="orders/create")
        )


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
