"""The topics of WooCommerce's webhooks that are translated."""

from collections.abc import Mapping
from typing import Any

from functions.core.base.translation import Request, Translation
from functions.sources.webhook import Topic, Webhook
from functions.sources.woocommerce import orders, people, products
from functions.sources.woocommerce.models.kinds import Deleted
from functions.sources.woocommerce.models.orders import Order
from functions.sources.woocommerce.models.people import Customer
from functions.sources.woocommerce.models.products import Product
from functions.sources.woocommerce.webhook import read


def _deleted(webhook: Webhook[Deleted]) -> Translation:
    """Acknowledge a deletion: its body does not prove what was deleted, since the topic is not signed."""
    return Translation(unused=webhook.topic)


TOPICS: Mapping[str, Topic[Any]] = {
    "order.created": Topic(Order, orders.created),
    "order.updated": Topic(Order, orders.updated),
    "order.restored": Topic(Order, orders.updated),
    "order.deleted": Topic(Deleted, _deleted),
    "customer.created": Topic(Customer, people.created),
    "customer.updated": Topic(Customer, people.updated),
    "customer.deleted": Topic(Deleted, _deleted),
    "product.created": Topic(Product, products.changed),
    "product.updated": Topic(Product, products.changed),
    "product.restored": Topic(Product, products.changed),
    "product.deleted": Topic(Deleted, _deleted),
}


def translate(request: Request, topic: str, body: Any) -> Translation:
    """Translate the body by its topic; a topic that is not in the table is acknowledged and ignored."""
    known = TOPICS.get(topic)
    if known is None:
        return Translation(unused=topic[:100])
    return known.translate(read(request, topic, known.model, body))
