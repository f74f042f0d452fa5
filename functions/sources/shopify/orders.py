"""Orders and refunds."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from functions.core.base import money
from functions.core.base.events import Event
from functions.core.base.intake import Translation
from functions.sources.event_parts import names
from functions.sources.fields import mapping, mappings, text, whole
from functions.sources.shopify.people import consents, traits
from functions.sources.shopify.told import (
    LINES,
    Webhook,
    amount,
    cart_token,
    coupon,
    line,
    link,
    people,
    person,
    products,
)

# What the payment's state says of the whole order.
_STATUS = {"refunded": "Order Fully Refunded", "voided": "Order Voided"}


def created(told: Webhook) -> Translation:
    """orders/create."""
    return _order(told, "Order Completed")


def paid(told: Webhook) -> Translation:
    """orders/paid: tells the order again, since the webhook of its creation may be late or lost."""
    return _order(told, "Order Paid")


def updated(told: Webhook) -> Translation:
    """orders/updated."""
    return _order(told, "Order Updated")


def cancelled(told: Webhook) -> Translation:
    """orders/cancelled."""
    return _order(told, "Order Cancelled")


def _order(told: Webhook, subject: str) -> Translation:
    made, changed = told.moment("created_at"), told.moment("updated_at", "created_at")
    at = {
        "Order Completed": made,
        "Order Cancelled": told.moment("cancelled_at", "updated_at", "created_at"),
    }.get(subject, changed)
    events = [] if subject == "Order Completed" else [_event(told, "Order Completed", made, changed)]
    events += [_event(told, name, when, changed) for name, when in _ends(told, changed) if name != subject]
    events.append(_event(told, subject, at, changed, traits=_traits(told.body)))
    customer = mapping(told.body.get("customer"))
    whose = person(customer) or events[0].identifiers
    return Translation((*events, *consents(told, customer, whose, yes=made, no=changed)))


def _ends(told: Webhook, changed: int) -> Iterator[tuple[str, int]]:
    """How the whole order came to nothing, which every later topic tells again: that webhook may be late or lost."""
    if told.body.get("cancelled_at"):
        yield "Order Cancelled", told.moment("cancelled_at", "updated_at", "created_at")
    ended = _STATUS.get(str(told.body.get("financial_status")))
    if ended:
        yield ended, changed


def _event(told: Webhook, name: str, at: int, changed: int, **more: Any) -> Event:
    order = told.required("id")
    return told.event(
        name,
        at,
        _identifiers(told.body),
        _properties(told.body, order, told.currency),
        # Each update is a happening of its own, and of what an update shows the first time counts; completion, payment
        # and cancellation happen once to an order.
        natural=None if name in ("Order Updated", *_STATUS.values()) else f"order:{order}",
        revision=changed // 1000,
        **more,
    )


def _identifiers(body: Mapping[str, Any]) -> tuple[str, ...]:
    return names(
        *people(body),
        ("shopify_cart", cart_token(body.get("cart_token"))),
        ("shopify_checkout", text(body.get("checkout_token"), 512)),
        ("shopify_order", body.get("id")),
    )


def _traits(body: Mapping[str, Any]) -> dict[str, Any]:
    return traits(mapping(body.get("customer")), body.get("billing_address"), body.get("customer_locale"))


def _properties(body: Mapping[str, Any], order: str, currency: str) -> dict[str, Any]:
    checkout = text(body.get("checkout_token"), 512)
    return {
        "order_id": order,
        "number": text(body.get("name")),
        "cart_id": cart_token(body.get("cart_token")) or checkout,
        "checkout_id": checkout,
        "total": amount(body, "total_price"),
        "subtotal": amount(body, "subtotal_price"),
        "revenue": amount(body, "subtotal_price"),
        "tax": amount(body, "total_tax"),
        "shipping": amount(body, "total_shipping_price"),
        "discount": amount(body, "total_discounts"),
        "currency": currency,
        "coupon": coupon(body),
        "channel": text(body.get("source_name")),
        "order_status_url": link(body.get("order_status_url")),
        "cancel_reason": text(body.get("cancel_reason")),
        "test": True if body.get("test") is True else None,
        "products": products(body),
    }


def refunded(told: Webhook) -> Translation:
    """refunds/create: the body names an order and no person."""
    order, refund = told.required("order_id"), told.required("id")
    currency = _refund_currency(told)
    properties = {
        "order_id": order,
        "refund_id": refund,
        "total": _refund_total(told.body),
        "currency": currency,
        "products": _refund_lines(told.body),
    }
    event = told.event(
        "Order Refunded",
        told.moment("created_at", "processed_at"),
        names(("shopify_order", order)),
        properties,
        natural=f"refund:{refund}",
    )
    return Translation((event,))


def _refund_currency(told: Webhook) -> str:
    lines = (mapping(item.get("subtotal_set")) for item in mappings(told.body.get("refund_line_items")))
    codes = [
        *(item.get("currency") for item in mappings(told.body.get("transactions"))),
        *(mapping(item.get("shop_money")).get("currency_code") for item in lines),
    ]
    return next((code.upper() for code in codes if isinstance(code, str) and len(code) == 3), told.currency)


def _refund_total(body: Mapping[str, Any]) -> Decimal | None:
    """What was paid back, or, where no payment is told, what the lines that came back had cost."""
    paid_back = [
        money.decimal(item.get("amount"))
        for item in mappings(body.get("transactions"))
        if item.get("kind") == "refund" and item.get("status") not in ("failure", "error")
    ]
    lines = mappings(body.get("refund_line_items"))
    returned = [amount(item, name) for item in lines for name in ("subtotal", "total_tax")]
    known = [part for part in (paid_back or returned) if part is not None]
    return sum(known, Decimal(0)) if known else None


def _refund_lines(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        line({**mapping(item.get("line_item")), "quantity": whole(item.get("quantity"))})
        for item in mappings(body.get("refund_line_items"))[:LINES]
    ]
