"""Webhooks of the product catalogue."""

from functions.core.base import money
from functions.core.base.product import Product
from functions.core.base.translation import Translation
from functions.sources.fields import first_of
from functions.sources.webhook import Webhook
from functions.sources.woocommerce.models import products as models


def changed(webhook: Webhook[models.Product]) -> Translation:
    """Translate product.created, product.updated and product.restored; what is not published stays unknown."""
    body = webhook.body
    if body.status != "publish":
        return Translation(unused=webhook.topic)
    product = Product(
        id=body.id,
        title=body.name,
        image=body.image or "",
        url=body.permalink or "",
        price=money.to_minor(body.price, webhook.currency),
        currency=webhook.currency,
        category=body.category or "",
        revision=(first_of(body.date_modified_gmt, body.date_created_gmt) or 0) // 1000,
    )
    return Translation(products=(product,))
