"""Webhooks of carts and checkouts."""

from typing import Any

from functions.core.base.translation import Translation
from functions.sources.event_parts import names
from functions.sources.fields import first_of
from functions.sources.shopify import purchases
from functions.sources.shopify.lines import products
from functions.sources.shopify.models.baskets import Cart, Checkout
from functions.sources.shopify.webhook import Webhook
from functions.sources.webhook import Occurrence, Person


def changed(webhook: Webhook[Cart]) -> Translation:
    """Translate carts/create and carts/update: each has the whole cart after a change."""
    cart = webhook.body
    token, lines = first_of(cart.token, cart.id), products(cart)
    event = webhook.event(
        "Product Added" if lines else "Cart Emptied",
        first_of(cart.updated_at, cart.created_at),
        Person(names(("shopify_cart", token))),
        {"cart_id": token, "currency": webhook.currency if lines else None, "products": lines},
    )
    return Translation((event,))


def started(webhook: Webhook[Checkout]) -> Translation:
    """Translate the webhook checkouts/create."""
    return _checkout(webhook, "Checkout Started")


def updated(webhook: Webhook[Checkout]) -> Translation:
    """Translate checkouts/update into the start of the checkout, whose own webhook may be late or lost."""
    return _checkout(webhook, "Checkout Updated")


def _checkout(webhook: Webhook[Checkout], subject: str) -> Translation:
    checkout = webhook.body
    created_at, changed_at = checkout.created_at, checkout.changed_at
    identifiers = purchases.identifiers(checkout, ("shopify_checkout", checkout.token))
    customer = Person(identifiers, purchases.customer_traits(checkout))
    properties = _properties(webhook)
    start = webhook.event(
        "Checkout Started",
        created_at,
        customer if subject == "Checkout Started" else Person(identifiers),
        properties,
        Occurrence(f"checkout:{checkout.token}", changed_at // 1000),
    )
    events = [start]
    if checkout.line_items == [] and not checkout.completed_at:
        emptied = {"checkout_id": checkout.token, "cart_id": properties["cart_id"]}
        events.append(webhook.event("Cart Emptied", changed_at, customer, emptied))
    elif subject != "Checkout Started":
        # The last update of a checkout is its completion: dated by itself it would lie behind the order.
        last = created_at if checkout.completed_at else changed_at
        events.append(webhook.event(subject, last, customer, properties))
    return Translation((*events, *purchases.customer_consents(webhook, identifiers)))


def _properties(webhook: Webhook[Checkout]) -> dict[str, Any]:
    checkout = webhook.body
    return {
        "checkout_id": checkout.token,
        "cart_id": checkout.cart_token or checkout.token,
        "checkout_url": checkout.abandoned_checkout_url,
        "completed": True if checkout.completed_at else None,
        **purchases.sums(webhook),
    }
