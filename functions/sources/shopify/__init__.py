"""Shopify's webhooks: signed over the raw body, one topic each, at least once and in any order."""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic

from functions.core.base.errors import BadSignature, Fault, Malformed
from functions.core.base.intake import Request, Translation
from functions.sources.base import Source
from functions.sources.shopify import carts, catalogue, orders, people, refunds
from functions.sources.shopify.models.baskets import Cart, Checkout, Order
from functions.sources.shopify.models.catalogue import Product
from functions.sources.shopify.models.people import (
    ConsentChange,
    CreatedCustomer,
    DataRequest,
    Redaction,
    ShopRedaction,
    UpdatedCustomer,
)
from functions.sources.shopify.models.refunds import Refund
from functions.sources.shopify.webhook import B, Webhook, header, read


@dataclass(frozen=True, slots=True)
class Topic(Generic[B]):
    """What the bodies of a topic look like, and what one means."""

    model: type[B]
    translate: Callable[[Webhook[B]], Translation]


TOPICS: Mapping[str, Topic[Any]] = {
    "orders/create": Topic(Order, orders.created),
    "orders/paid": Topic(Order, orders.paid),
    "orders/updated": Topic(Order, orders.updated),
    "orders/cancelled": Topic(Order, orders.cancelled),
    "refunds/create": Topic(Refund, refunds.created),
    "checkouts/create": Topic(Checkout, carts.started),
    "checkouts/update": Topic(Checkout, carts.updated),
    "carts/create": Topic(Cart, carts.changed),
    "carts/update": Topic(Cart, carts.changed),
    "customers/create": Topic(CreatedCustomer, people.created),
    "customers/update": Topic(UpdatedCustomer, people.updated),
    "customers_marketing_consent/update": Topic(ConsentChange, people.consent_changed),
    "customers_email_marketing_consent/update": Topic(ConsentChange, people.consent_changed),
    "customers/data_request": Topic(DataRequest, people.data_requested),
    "customers/redact": Topic(Redaction, people.redacted),
    "shop/redact": Topic(ShopRedaction, people.shop_redacted),
    "products/create": Topic(Product, catalogue.changed),
    "products/update": Topic(Product, catalogue.changed),
}
TOPIC = "X-Shopify-Topic"
# Shopify writes a topic as orders/create in headers and as ORDERS_CREATE in its GraphQL API.
_SPELLINGS = {topic.replace("/", "_"): topic for topic in TOPICS}


def verify(request: Request, secrets: Sequence[str]) -> None:
    """Compare the signature with that of every accepted secret, in constant time."""
    given = header(request, "shopify-hmac-sha256").encode("utf-8", "replace")
    made = (hmac.new(secret.encode(), request.body, hashlib.sha256).digest() for secret in secrets if secret)
    # Summed, not any(): how long it takes must not tell which of the secrets matched.
    if not sum(hmac.compare_digest(given, base64.b64encode(digest)) for digest in made):
        raise BadSignature


def check(request: Request) -> None:
    """Refuse a request without a topic: Shopify always sends one, so a proxy dropped it or somebody else signs."""
    if not _topic(request):
        raise Malformed(
            Fault("the header is missing; it says what the body is about", TOPIC, suggestion="orders/create")
        )


def emit(request: Request, body: Any) -> Translation:
    """Hand the body to its topic; a topic that is not in the table is acknowledged."""
    topic = _topic(request)
    known = _SPELLINGS.get(topic.replace("/", "_"))
    if known is None:
        return Translation(unused=topic[:100])
    return TOPICS[known].translate(read(request, known, TOPICS[known].model, body))


def _topic(request: Request) -> str:
    topic, action = header(request, "shopify-topic").lower(), header(request, "shopify-action").lower()
    return f"{topic}/{action}" if topic and action and "/" not in topic else topic


SOURCE = Source(
    name="shopify",
    label="Shopify",
    secret="shopify",  # noqa: S106 - the secret's name in the topology
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
)
