"""Lines of carts, checkouts, orders and refunds as products of the Segment e-commerce vocabulary."""

from typing import Any

from functions.sources.event_parts import compact
from functions.sources.fields import first_of
from functions.sources.shopify.models.baskets import Basket, Line


def products(basket: Basket) -> list[dict[str, Any]]:
    """The products in a cart, a checkout or an order."""
    return [product(line, line.quantity) for line in basket.line_items or ()]


def product(line: Line, quantity: int | None) -> dict[str, Any]:
    """One line; ids are text, as they exceed a float's precision, and amounts are in the shop's major units."""
    return compact(
        {
            "product_id": line.product_id,
            "variant_id": line.variant_id,
            "sku": line.sku,
            "name": first_of(line.title, line.presentment_title, line.name),
            "variant": line.variant_title,
            "brand": line.vendor,
            "category": line.product_type,
            "price": first_of(line.price_in_shop, line.price),
            "compare_at_price": first_of(line.compare_at_price_in_shop, line.compare_at_price),
            "line_price": first_of(line.line_price_in_shop, line.line_price),
            "quantity": quantity,
            "image_url": first_of(line.image_url, line.image),
            "url": line.url,
        }
    )
