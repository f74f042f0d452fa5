"""Webhooks of refunds."""

from decimal import Decimal

from functions.core.base.translation import Translation
from functions.sources.event_parts import names
from functions.sources.fields import first_of
from functions.sources.shopify.lines import product
from functions.sources.shopify.models.baskets import LINES
from functions.sources.shopify.models.refunds import Refund
from functions.sources.shopify.webhook import Webhook
from functions.sources.webhook import Occurrence, Person


def created(webhook: Webhook[Refund]) -> Translation:
    """Translate refunds/create, whose body names an order and no person."""
    refund = webhook.body
    lines = refund.refund_line_items
    properties = {
        "order_id": refund.order_id,
        "refund_id": refund.id,
        "total": _total(refund),
        "currency": _currency(refund) or webhook.currency,
        "products": [product(each.line_item, each.quantity) for each in lines[:LINES]],
    }
    event = webhook.event(
        "Order Refunded",
        first_of(refund.created_at, refund.processed_at),
        Person(names(("shopify_order", refund.order_id))),
        properties,
        Occurrence(f"refund:{refund.id}"),
    )
    return Translation((event,))


def _currency(refund: Refund) -> str | None:
    payments, lines = refund.transactions, refund.refund_line_items
    return first_of(*(each.currency for each in payments), *(each.currency for each in lines))


def _total(refund: Refund) -> Decimal | None:
    """The amount paid back or, if no payment is given, the price of the returned lines."""
    paid_back = [
        each.amount for each in refund.transactions if each.kind == "refund" and each.status not in ("failure", "error")
    ]
    returned = [
        amount
        for each in refund.refund_line_items
        for amount in (
            first_of(each.subtotal_in_shop, each.subtotal),
            first_of(each.total_tax_in_shop, each.total_tax),
        )
    ]
    amounts = [amount for amount in (paid_back or returned) if amount is not None]
    return sum(amounts, Decimal(0)) if amounts else None
