"""The fields by which the kinds of Shopify's bodies are told apart; see functions/sources/shape.py.

What each kind has was read in the sample bodies of Shopify's reference (shopify.dev/docs/api/webhooks, 2025-07) and in
deliveries of 2023 to 2025.
"""

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
