"""The catalogue."""

import re
from collections.abc import Mapping
from typing import Any

from functions.core.base import money
from functions.core.base.intake import Product, Translation
from functions.sources.fields import instant, mapping, mappings, text
from functions.sources.shopify.told import Webhook, link

_DOMAIN = re.compile(r"[a-z0-9.-]+(:\d+)?")


def changed(told: Webhook) -> Translation:
    """products/create and products/update."""
    body = told.body
    revision = instant(body.get("updated_at")) or instant(body.get("created_at")) or told.triggered or 0
    product = Product(
        id=told.required("id"),
        title=text(body.get("title")) or "",
        image=_image(body),
        url=_url(body, told.domain),
        price=_price(body, told.currency),
        currency=told.currency,
        category=text(body.get("product_type")) or text(mapping(body.get("category")).get("name")) or "",
        revision=revision // 1000,
    )
    return Translation(products=(product,))


def _image(body: Mapping[str, Any]) -> str:
    pictures = [mapping(body.get("image")), *mappings(body.get("images"))]
    return next((found for found in (link(picture.get("src")) for picture in pictures) if found), "")


def _url(body: Mapping[str, Any], domain: str) -> str:
    handle = text(body.get("handle"))
    return f"https://{domain}/products/{handle}" if handle and _DOMAIN.fullmatch(domain) else ""


def _price(body: Mapping[str, Any], currency: str) -> int | None:
    """The lowest price among the variants: what "from" means in a shop."""
    prices = (money.to_minor(variant.get("price"), currency) for variant in mappings(body.get("variants")))
    return min((price for price in prices if price is not None), default=None)
