"""The fields by which the kinds of WooCommerce's bodies are told apart, and what all bodies have in common.

A body is what the REST API answers for the resource. What each kind has was read in the reference of the REST API v3
(woocommerce.github.io/woocommerce-rest-api-docs) and in answers of shops of the years 2017 to 2023.
"""

import html
from typing import Annotated, Any, ClassVar

from pydantic import AliasPath, BeforeValidator, Field

from functions.sources.fields import Date, Link, NeededDate, NeededId, Text, an_id, text
from functions.sources.payload import Payload
from functions.sources.shape import Shape

# Fields that one kind of body has and that no other has.
ORDER = frozenset({"order_key", "line_items", "customer_id", "shipping_total", "payment_method", "refunds"})
REFUND = frozenset({"refunded_by", "refunded_payment"})
CUSTOMER = frozenset({"username", "role", "is_paying_customer", "avatar_url"})
PRODUCT = frozenset({"permalink", "regular_price", "catalog_visibility", "stock_status"})
COUPON = frozenset({"discount_type", "usage_limit", "product_ids"})
WEBHOOK = frozenset({"delivery_url", "hooks"})


def _some_id(value: Any) -> str | None:
    written = an_id(value)
    return None if written == "0" else written


def words(value: Any) -> str | None:
    """A text for people, with the HTML entities decoded that WordPress stores; None for empty and other values."""
    written = text(value)
    return text(html.unescape(written)) if written else None


# Lenient: the name of something.
Words = Annotated[str | None, BeforeValidator(words)]
# The id of something; WooCommerce writes 0 for nothing.
SomeId = Annotated[str | None, BeforeValidator(_some_id)]


class Body(Payload):
    """The body of a webhook; ``shape`` is what proves a body to be of this kind, ``link`` leads to the store's API."""

    shape: ClassVar[Shape] = Shape()

    link: Link = Field(default=None, validation_alias=AliasPath("_links", "self", 0, "href"))


class Dated(Body):
    """The fields common to customers and orders: the dates in UTC, as the site-local ones say no zone."""

    date_created_gmt: NeededDate
    date_modified_gmt: Date = None

    @property
    def changed_at(self) -> int:
        """When it was last changed, or else created (milliseconds UTC)."""
        return self.date_created_gmt if self.date_modified_gmt is None else self.date_modified_gmt


class Deleted(Body):
    """The body about anything that was deleted: its id, and nothing that says of what kind it was."""

    shape: ClassVar[Shape] = Shape(lacks=ORDER | CUSTOMER | PRODUCT | COUPON, only=frozenset({"id"}))

    id: NeededId


class Meta(Payload):
    """One of the fields that plugins add to orders and customers."""

    key: Text = None
    value: Text = None
