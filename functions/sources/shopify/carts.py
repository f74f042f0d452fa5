"""Carts and checkouts."""

from collections.abc import Mapping
from typing import Any

from functions.core.base.intake import Translation
from functions.sources.event_parts import names
from functions.sources.fields import mapping, text
from functions.sources.shopify.people import consents, traits
from functions.sources.shopify.told import Webhook, amount, cart_token, coupon, link, people, person, products


def changed(told: Webhook) -> Translation:
    """carts/create and carts/update: the whole cart, whatever was put in or taken out."""
    cart = cart_token(told.body.get("token")) or cart_token(told.required("id"))
    lines = products(told.body)
    event = told.event(
        "Product Added" if lines else "Cart Emptied",
        told.moment("updated_at", "created_at"),
        names(("shopify_cart", cart)),
        {"cart_id": cart, "currency": told.currency if lines else None, "products": lines},
    )
    return Translation((event,))


def started(told: Webhook) -> Translation:
    """checkouts/create."""
    return _checkout(told, "Checkout Started")


def updated(told: Webhook) -> Translation:
    """checkouts/update: tells the start again, since its own webhook may be late or lost."""
    return _checkout(told, "Checkout Updated")


def _checkout(told: Webhook, subject: str) -> Translation:
    token = told.required("token")
    made, at = told.moment("created_at"), told.moment("updated_at", "created_at")
    identifiers = _identifiers(told.body)
    properties = _properties(told.body, token, told.currency)
    customer = mapping(told.body.get("customer"))
    known = traits(customer, told.body.get("billing_address"), told.body.get("customer_locale"))
    start = told.event(
        "Checkout Started",
        made,
        identifiers,
        properties,
        traits=known if subject == "Checkout Started" else None,
        natural=f"checkout:{token}",
        revision=at // 1000,
    )
    events = [start]
    if told.body.get("line_items") == [] and not told.body.get("completed_at"):
        emptied = {"checkout_id": token, "cart_id": properties["cart_id"]}
        events.append(told.event("Cart Emptied", at, identifiers, emptied, traits=known))
    elif subject != "Checkout Started":
        # The last update of a checkout is its completion: dated by itself it would lie behind the order.
        last = made if told.body.get("completed_at") else at
        events.append(told.event(subject, last, identifiers, properties, traits=known))
    whose = person(customer) or identifiers
    return Translation((*events, *consents(told, customer, whose, yes=made, no=at)))


def _identifiers(body: Mapping[str, Any]) -> tuple[str, ...]:
    return names(
        *people(body),
        ("shopify_cart", cart_token(body.get("cart_token"))),
        ("shopify_checkout", text(body.get("token"), 512)),
    )


def _properties(body: Mapping[str, Any], token: str, currency: str) -> dict[str, Any]:
    return {
        "checkout_id": token,
        "cart_id": cart_token(body.get("cart_token")) or token,
        "total": amount(body, "total_price"),
        "subtotal": amount(body, "subtotal_price"),
        "revenue": amount(body, "subtotal_price"),
        "tax": amount(body, "total_tax"),
        "discount": amount(body, "total_discounts"),
        "currency": currency,
        "coupon": coupon(body),
        "channel": text(body.get("source_name")),
        "checkout_url": link(body.get("abandoned_checkout_url")),
        "completed": True if body.get("completed_at") else None,
        "products": products(body),
    }
