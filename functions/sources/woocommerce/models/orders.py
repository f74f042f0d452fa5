"""Orders: their lines, refunds, people and amounts."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AliasPath, BeforeValidator, Field

from functions.sources.fields import (
    Currency,
    Date,
    Id,
    Link,
    Money,
    NeededId,
    NeededText,
    Object,
    Objects,
    Text,
    Whole,
    mappings,
)
from functions.sources.payload import Payload
from functions.sources.shape import Shape
from functions.sources.woocommerce.models import kinds
from functions.sources.woocommerce.models.kinds import Dated, Meta, SomeId, Words
from functions.sources.woocommerce.models.people import Address

LINES = 500
REFUNDS = 100


def _lines(value: Any) -> list[dict[str, Any]]:
    return mappings(value)[:LINES]


class Line(Payload):
    """A line of an order; ``price`` is what one costs after discounts, ``total`` what all of the line do."""

    product_id: SomeId = None
    variation_id: SomeId = None
    sku: Text = None
    name: Words = None
    price: Money = None
    total: Money = None
    quantity: Whole = None
    image: Link = Field(default=None, validation_alias=AliasPath("image", "src"))


class Coupon(Payload):
    """A code that the buyer entered."""

    code: Text = None


class Refund(Payload):
    """A refund as its order lists it: without a date, its total below zero."""

    id: Id = None
    total: Money = None


class Order(Dated):
    """The body of order.created, order.updated and order.restored."""

    shape: ClassVar[Shape] = Shape(
        has=(("order_key", "line_items"), ("currency", "payment_method", "customer_id")),
        lacks=kinds.REFUND | kinds.CUSTOMER | kinds.PRODUCT | kinds.COUPON | kinds.WEBHOOK,
    )

    id: NeededId
    date_paid_gmt: Date = None
    status: NeededText
    number: Text = None
    created_via: Text = None
    currency: Currency = None
    customer_id: SomeId = None
    billing: Object[Address] = Field(default_factory=Address)
    total: Money = None
    total_tax: Money = None
    shipping_total: Money = None
    discount_total: Money = None
    line_items: Annotated[list[Line], BeforeValidator(_lines)] = Field(default_factory=list)
    coupon_lines: Objects[Coupon] = Field(default_factory=list)
    refunds: Objects[Refund] = Field(default_factory=list)
    payment_url: Link = None
    meta_data: Objects[Meta] = Field(default_factory=list)

    @property
    def subtotal(self) -> Decimal | None:
        """The sum of the lines after discounts, without tax; None if no line has an amount."""
        amounts = [line.total for line in self.line_items if line.total is not None]
        return sum(amounts, Decimal(0)) if amounts else None
