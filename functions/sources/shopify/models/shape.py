"""The shape of a topic's bodies: the fields that prove what a body is.

Shopify signs the body of a webhook and not its headers, so the topic is only a claim. A body is acted on if it has
fields that prove it to be of its topic's kind, and none that only other kinds have. What each kind has was read in the
sample bodies of Shopify's reference (shopify.dev/docs/api/webhooks, 2025-07) and in deliveries of 2023 to 2025.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

# Fields that one kind of body has and that no kind of another group has.
ORDER = frozenset({"order_number", "financial_status", "fulfillment_status", "order_status_url", "checkout_token"})
CHECKOUT = frozenset({"abandoned_checkout_url"})
DRAFT = frozenset({"invoice_url", "invoice_sent_at"})
REFUND = frozenset({"refund_line_items", "order_adjustments"})
# Refunds, fulfilments, transactions, returns and drafts are about an order that they name.
ABOUT_AN_ORDER = frozenset({"order_id"})
PRIVACY = frozenset({"orders_to_redact", "orders_requested", "data_request", "shop_domain"})
SHOP = frozenset({"myshopify_domain", "shop_owner"})
GOODS = frozenset({"variants", "product_type", "body_html"})
BASKET = frozenset({"line_items", "total_price", "subtotal_price", "cart_token"})


class Shape(NamedTuple):
    """The fields that prove a kind of body.

    has    groups of fields, of each of which a body has one at least
    lacks  fields that show it to be of another kind
    only   if given, the only fields that it may have
    """

    has: tuple[tuple[str, ...], ...] = ()
    lacks: frozenset[str] = frozenset()
    only: frozenset[str] | None = None

    def fault(self, body: Mapping[str, Any]) -> str:
        """Why the body is not of this kind, naming fields; empty if it is."""
        for group in self.has:
            if not any(name in body for name in group):
                return f"{' or '.join(group)} is missing"
        foreign = body.keys() & self.lacks if self.only is None else body.keys() - self.only
        # Names of fields come from the sender: those that are expected nowhere are not repeated.
        known = sorted(foreign & self.lacks)
        return f"the body is another topic's: it has {known[0] if known else 'other fields'}" if foreign else ""
