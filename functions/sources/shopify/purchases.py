"""Parts common to checkouts and orders: identifiers, amounts, and traits and consent of the customer."""

from typing import Any, TypeVar

from functions.core.base.events import Event
from functions.sources.event_parts import names
from functions.sources.fields import first_of
from functions.sources.shopify.lines import products
from functions.sources.shopify.models.baskets import Purchase
from functions.sources.shopify.people import consents, customer_identifiers, traits
from functions.sources.shopify.webhook import Webhook

C = TypeVar("C", bound=Purchase)


def identifiers(purchase: Purchase, *others: tuple[str, str | None]) -> tuple[str, ...]:
    """The identifiers in a checkout or an order, its cart's, and ``others``."""
    return names(
        ("email", purchase.email or purchase.contact_email),
        ("email", purchase.customer.email),
        ("shopify", purchase.customer.id),
        ("shopify_cart", purchase.cart_token),
        *others,
    )


def customer_traits(purchase: Purchase) -> dict[str, Any]:
    """The known traits of the customer."""
    return traits(purchase.customer, purchase.billing_address, purchase.customer_locale)


def customer_consents(webhook: Webhook[C], identifiers: tuple[str, ...]) -> list[Event]:
    """The customer's current statement about marketing e-mail, which every checkout and order repeats."""
    purchase = webhook.body
    own_identifiers = customer_identifiers(purchase.customer) or identifiers
    statement = purchase.customer.email_marketing_consent
    return consents(webhook, statement, own_identifiers, yes=purchase.created_at, no=purchase.changed_at)


def sums(webhook: Webhook[C]) -> dict[str, Any]:
    """The amounts, in major units of the shop's currency, and the products."""
    purchase = webhook.body
    return {
        "total": first_of(purchase.total_price_in_shop, purchase.total_price),
        "subtotal": purchase.subtotal,
        "revenue": purchase.subtotal,
        "tax": first_of(purchase.total_tax_in_shop, purchase.total_tax),
        "discount": first_of(purchase.total_discounts_in_shop, purchase.total_discounts),
        "currency": webhook.currency,
        "coupon": purchase.coupon,
        "channel": purchase.source_name,
        "products": products(purchase),
    }
