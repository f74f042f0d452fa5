"""WooCommerce's webhooks: signed over the raw body, one topic each, delivered once and in any order."""

import re
from collections.abc import Sequence
from typing import Any

from functions.core.base.translation import Request, Translation
from functions.sources.base import Source
from functions.sources.storefront import check_signature, check_topic
from functions.sources.woocommerce.entities import decoded

SIGNATURE, TOPIC = "X-WC-Webhook-Signature", "X-WC-Webhook-Topic"
# What a new webhook sends first, as a form.
_PING = re.compile(rb"webhook_id=[0-9]{1,20}")


def is_ping(request: Request) -> bool:
    """True for the unsigned ping with which WooCommerce tries a webhook's address when it is saved."""
    return SIGNATURE.lower() not in request.headers and _PING.fullmatch(request.body) is not None


def verify(request: Request, secrets: Sequence[str]) -> None:
    """Compare the signature with that of every accepted secret in constant time; raises BadSignature.

    WooCommerce signs with the secret after it has decoded the HTML entities in it.
    """
    check_signature(header(request, SIGNATURE), request.body, map(decoded, filter(None, secrets)))


def check(request: Request) -> None:
    """Refuse a request without a topic; raises Malformed."""
    check_topic(_topic(request), TOPIC, "order.updated")


def emit(request: Request, body: Any) -> Translation:
    """Translate the body by its topic."""
    # The models are loaded by the first webhook, so that a function that takes other sources' does without them.
    from functions.sources.woocommerce.topics import translate

    return translate(request, _topic(request), body)


def header(request: Request, name: str) -> str:
    """The value of a header; empty if it is missing."""
    return request.headers.get(name.lower(), "").strip()


def _topic(request: Request) -> str:
    return header(request, TOPIC).lower()


SOURCE = Source(
    name="woocommerce",
    label="WooCommerce",
    secret="woocommerce",
    verify=verify,
    emit=emit,
    limit=5_000_000,
    namespaces=("email", "woocommerce", "woocommerce_order"),
    check=check,
    keeps=tuple(f"x-wc-webhook-{name}" for name in ("topic", "id", "delivery-id", "source")),
    is_ping=is_ping,
    hook=True,
    reader="functions.sources.woocommerce.topics",
)
