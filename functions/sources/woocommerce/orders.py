"""Webhooks of orders: what an order means depends on its status, which every body tells whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from functions.core.base.events import Event
from functions.core.base.translation import Translation
from functions.sources.event_parts import compact, digest, names
from functions.sources.fields import first_of
from functions.sources.webhook import Occurrence, Person, Webhook
from functions.sources.woocommerce.models.orders import REFUNDS, Line, Order, Refund
from functions.sources.woocommerce.models.people import stated
from functions.sources.woocommerce.people import traits

# What is no order yet, or none any more.
DRAFTS: Final = frozenset({"auto-draft", "draft", "new", "trash"})
# The buyer has not paid: at the till, on the way to the payment's provider, or refused by it.
UNPAID: Final = frozenset({"checkout-draft", "pending", "failed"})
CANCELLED: Final = "cancelled"
# The event that a status means for the whole order.
_ENDS: Mapping[str, str] = {CANCELLED: "Order Cancelled", "refunded": "Order Fully Refunded"}


def created(webhook: Webhook[Order]) -> Translation:
    """Translate the webhook order.created."""
    return _order(webhook, ())


def updated(webhook: Webhook[Order]) -> Translation:
    """Translate order.updated and order.restored."""
    order = webhook.body
    if order.status in UNPAID:
        return _order(
            webhook, [webhook.event("Checkout Updated", order.changed_at, _person(order), _checkout(webhook))]
        )
    return _order(webhook, [webhook.event("Order Updated", order.changed_at, _person(order), _purchase(webhook))])


def _order(webhook: Webhook[Order], update: Sequence[Event]) -> Translation:
    """The whole order as its body tells it, and the update; the last event of both tells of the person, too.

    Every body repeats what was before it, whose own webhook may be lost: WooCommerce tries none again.
    """
    order, buyer = webhook.body, _buyer(webhook.body)
    is_nobodys_checkout = order.status in UNPAID and not buyer
    if order.status in DRAFTS or is_nobodys_checkout:
        return Translation(unused=webhook.topic)
    *before, last = (*_stages(webhook), *update)
    consent = stated(order.meta_data)
    statement = webhook.statement(consent, buyer, order.date_created_gmt, f"consent:{consent}")
    return Translation((*before, replace(last, traits=traits(order.billing)), *statement))


def _stages(webhook: Webhook[Order]) -> Iterator[Event]:
    order = webhook.body
    if order.status in UNPAID:
        yield _event(webhook, "Checkout Started", order.date_created_gmt, _checkout(webhook))
        return
    yield from (_refund(webhook, refund) for refund in order.refunds[:REFUNDS] if refund.id)
    if order.date_paid_gmt is not None:
        yield _event(webhook, "Order Paid", order.date_paid_gmt, _purchase(webhook))
    # One that is cancelled may never have been paid, and then it was no purchase as far as this body tells.
    if order.status != CANCELLED or order.date_paid_gmt is not None:
        yield _event(webhook, "Order Completed", order.date_created_gmt, _purchase(webhook))
    if order.status in _ENDS:
        yield _event(webhook, _ENDS[order.status], order.changed_at, _purchase(webhook))


def _event(webhook: Webhook[Order], name: str, at: int, properties: Mapping[str, Any]) -> Event:
    order = webhook.body
    kind = "checkout" if order.status in UNPAID else "order"
    occurrence = Occurrence(f"{kind}:{order.id}", order.changed_at // 1000)
    return webhook.event(name, at, _person(order), properties, occurrence)


def _refund(webhook: Webhook[Order], refund: Refund) -> Event:
    """One refund, which has no date of its own: at the latest it was made when the order was last changed."""
    order, total = webhook.body, refund.total
    properties = {
        "order_id": order.id,
        "refund_id": refund.id,
        "total": None if total is None else abs(total),
        "currency": webhook.currency,
    }
    key = f"{webhook.message}:{webhook.topic}:refund:{digest(refund.id or '')}"
    occurrence = Occurrence(f"refund:{refund.id}", order.changed_at // 1000)
    return webhook.event("Order Refunded", order.changed_at, _person(order), properties, occurrence, key)


def _buyer(order: Order) -> tuple[str, ...]:
    return names(("email", order.billing.email), ("woocommerce", order.customer_id))


def _person(order: Order) -> Person:
    return Person((*_buyer(order), *names(("woocommerce_order", order.id))))


def _checkout(webhook: Webhook[Order]) -> dict[str, Any]:
    """The properties of an order that waits for its payment: a checkout, which may be left."""
    order = webhook.body
    return {
        "checkout_id": order.id,
        "cart_id": f"order-{order.id}",
        "checkout_url": order.payment_url,
        **_sums(webhook),
    }


def _purchase(webhook: Webhook[Order]) -> dict[str, Any]:
    """The properties of a purchase. It names no cart, as WooCommerce knows none: so it ends every cart before it."""
    order = webhook.body
    return {"order_id": order.id, "number": order.number, **_sums(webhook)}


def _sums(webhook: Webhook[Order]) -> dict[str, Any]:
    """The amounts, in major units of the order's currency, and the products."""
    order = webhook.body
    return {
        "total": order.total,
        "subtotal": order.subtotal,
        "revenue": order.subtotal,
        "tax": order.total_tax,
        "shipping": order.shipping_total,
        "discount": order.discount_total,
        "currency": webhook.currency,
        "coupon": first_of(*(each.code for each in order.coupon_lines)),
        "channel": order.created_via,
        "products": [_product(line) for line in order.line_items],
    }


def _product(line: Line) -> dict[str, Any]:
    return compact(
        {
            "product_id": line.product_id,
            "variant_id": line.variation_id,
            "sku": line.sku,
            "name": line.name,
            "price": line.price,
            "line_price": line.total,
            "quantity": line.quantity,
            "image_url": line.image,
        }
    )
