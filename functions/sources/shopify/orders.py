"""Webhooks of orders."""

from collections.abc import Iterator
from typing import Any

from functions.core.base.events import Event
from functions.core.base.translation import Translation
from functions.sources.fields import first_of
from functions.sources.shopify import purchases
from functions.sources.shopify.models.baskets import Order
from functions.sources.shopify.webhook import Webhook
from functions.sources.webhook import Occurrence, Person

# The event that a payment status means for the whole order.
_STATUS = {"refunded": "Order Fully Refunded", "voided": "Order Voided"}


def created(webhook: Webhook[Order]) -> Translation:
    """Translate the webhook orders/create."""
    return _order(webhook, "Order Completed", webhook.body.created_at)


def paid(webhook: Webhook[Order]) -> Translation:
    """Translate orders/paid into the order again, since the webhook of its creation may be late or lost."""
    return _order(webhook, "Order Paid", webhook.body.changed_at)


def updated(webhook: Webhook[Order]) -> Translation:
    """Translate the webhook orders/updated."""
    return _order(webhook, "Order Updated", webhook.body.changed_at)


def cancelled(webhook: Webhook[Order]) -> Translation:
    """Translate the webhook orders/cancelled."""
    return _order(webhook, "Order Cancelled", first_of(webhook.body.cancelled_at, webhook.body.changed_at))


def _order(webhook: Webhook[Order], subject: str, at: int | None) -> Translation:
    order = webhook.body
    events = [] if subject == "Order Completed" else [_event(webhook, "Order Completed", order.created_at)]
    events += [_event(webhook, name, when) for name, when in _ends(order) if name != subject]
    events.append(_event(webhook, subject, at, purchases.customer_traits(order)))
    return Translation((*events, *purchases.customer_consents(webhook, events[0].identifiers)))


def _ends(order: Order) -> Iterator[tuple[str, int]]:
    """The events that end the whole order; every later topic repeats them, since their own webhook may be lost."""
    if order.cancelled_at is not None:
        yield "Order Cancelled", order.cancelled_at
    ended = _STATUS.get(order.financial_status or "")
    if ended:
        yield ended, order.changed_at


def _event(webhook: Webhook[Order], name: str, at: int | None, traits: dict[str, Any] | None = None) -> Event:
    order = webhook.body
    identifiers = purchases.identifiers(order, ("shopify_checkout", order.checkout_token), ("shopify_order", order.id))
    # Completion, payment and cancellation happen once to an order; each update is an occurrence of its own, and of a
    # refund or voiding that several updates show, the first counts.
    natural = None if name in ("Order Updated", *_STATUS.values()) else f"order:{order.id}"
    occurrence = Occurrence(natural, order.changed_at // 1000)
    return webhook.event(name, at, Person(identifiers, traits or {}), _properties(webhook), occurrence)


def _properties(webhook: Webhook[Order]) -> dict[str, Any]:
    order = webhook.body
    return {
        "order_id": order.id,
        "number": order.name,
        "cart_id": order.cart_token or order.checkout_token,
        "checkout_id": order.checkout_token,
        "shipping": first_of(order.total_shipping_price_in_shop, order.total_shipping_price),
        "order_status_url": order.order_status_url,
        "cancel_reason": order.cancel_reason,
        "test": order.test or None,
        **purchases.sums(webhook),
    }
