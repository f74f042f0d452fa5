"""Webhooks of the product catalogue."""

import re

from functions.core.base import money
from functions.core.base.product import Product
from functions.core.base.translation import Translation
from functions.sources.fields import first_of
from functions.sources.shopify.models import products as models
from functions.sources.shopify.webhook import Webhook

_DOMAIN = re.compile(r"[a-z0-9.-]+(:\d+)?")


def changed(webhook: Webhook[models.Product]) -> Translation:
    """Translate products/create and products/update."""
    body = webhook.body
    revision = body.updated_at or body.created_at or webhook.triggered or 0
    product = Product(
        id=body.id,
        title=body.title or "",
        image=first_of(*(picture.src for picture in (body.image, *body.images))) or "",
        url=_url(body, webhook.domain),
        price=_price(body, webhook.currency),
        currency=webhook.currency,
        category=body.product_type or body.category or "",
        revision=revision // 1000,
    )
    return Translation(products=(product,))


def _url(product: models.Product, domain: str) -> str:
    handle = product.handle
    return f"https://{domain}/products/{handle}" if handle and _DOMAIN.fullmatch(domain) else ""


def _price(product: models.Product, currency: str) -> int | None:
    """The lowest price among the variants, which shops show as "from"."""
    prices = (money.to_minor(variant.price, currency) for variant in product.variants)
    return min((price for price in prices if price is not None), default=None)
