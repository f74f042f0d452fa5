"""The topics of Shopify's webhooks that are translated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic

from functions.core.base.translation import Request, Translation
from functions.sources.shopify import carts, merges, orders, people, products, refunds
from functions.sources.shopify.models.baskets import CancelledOrder, Cart, Checkout, Order, PaidOrder
from functions.sources.shopify.models.merges import Merge
from functions.sources.shopify.models.people import (
    ConsentChange,
    CreatedCustomer,
    DataRequest,
    Redaction,
    ShopRedaction,
    UpdatedCustomer,
)
from functions.sources.shopify.models.products import Product
from functions.sources.shopify.models.refunds import Refund
from functions.sources.shopify.webhook import B, Webhook, read


@dataclass(frozen=True, slots=True)
class Topic(Generic[B]):
    """The model of a topic's bodies, and their translation."""

    model: type[B]
    translate: Callable[[Webhook[B]], Translation]


TOPICS: Mapping[str, Topic[Any]] = {
    "orders/create": Topic(Order, orders.created),
    "orders/paid": Topic(PaidOrder, orders.paid),
    "orders/updated": Topic(Order, orders.updated),
    "orders/cancelled": Topic(CancelledOrder, orders.cancelled),
    "refunds/create": Topic(Refund, refunds.created),
    "checkouts/create": Topic(Checkout, carts.started),
    "checkouts/update": Topic(Checkout, carts.updated),
    "carts/create": Topic(Cart, carts.changed),
    "carts/update": Topic(Cart, carts.changed),
    "customers/create": Topic(CreatedCustomer, people.created),
    "customers/update": Topic(UpdatedCustomer, people.updated),
    "customers/merge": Topic(Merge, merges.merged),
    "customers_marketing_consent/update": Topic(ConsentChange, people.consent_changed),
    "customers_email_marketing_consent/update": Topic(ConsentChange, people.consent_changed),
    "customers/data_request": Topic(DataRequest, people.data_requested),
    "customers/redact": Topic(Redaction, people.redacted),
    "shop/redact": Topic(ShopRedaction, people.shop_redacted),
    "products/create": Topic(Product, products.changed),
    "products/update": Topic(Product, products.changed),
}
# Shopify writes a topic as orders/create in headers and as ORDERS_CREATE in its GraphQL API.
_SPELLINGS = {topic.replace("/", "_"): topic for topic in TOPICS}


def translate(request: Request, topic: str, body: Any) -> Translation:
    """Translate the body by its topic; a topic that is not in the table is acknowledged and ignored."""
    name = _SPELLINGS.get(topic.replace("/", "_"))
    if name is None:
        return Translation(unused=topic[:100])
    return TOPICS[name].translate(read(request, name, TOPICS[name].model, body))
