"""Refunds of orders."""

from typing import Annotated, ClassVar

from pydantic import AliasPath, Field

from functions.sources.fields import (
    Currency,
    Date,
    Money,
    NeededId,
    Object,
    Objects,
    Text,
    Whole,
    needed_unless_given,
    unless,
)
from functions.sources.payload import Payload
from functions.sources.shape import Shape
from functions.sources.shopify.models import shape as kinds
from functions.sources.shopify.models.baskets import Line
from functions.sources.shopify.models.body import Body, in_shop_money


class Transaction(Payload):
    """A payment transaction."""

    kind: Text = None
    status: Text = None
    amount: Money = None
    currency: Currency = None


class RefundedLine(Payload):
    """A line that was returned."""

    quantity: Whole = None
    subtotal: Money = None
    subtotal_in_shop: Money = in_shop_money("subtotal")
    total_tax: Money = None
    total_tax_in_shop: Money = in_shop_money("total_tax")
    currency: Currency = Field(default=None, validation_alias=AliasPath("subtotal_set", "shop_money", "currency_code"))
    line_item: Object[Line] = Field(default_factory=Line)


class Refund(Body):
    """The body of refunds/create, which names an order and no person.

    Fulfilments and drafts name an order too, and have lines of their own; a transaction says its kind.
    """

    shape: ClassVar[Shape] = Shape(
        has=(("refund_line_items", "transactions", "order_adjustments"),),
        lacks=frozenset({"kind", "email", "tracking_number"})
        | (kinds.BASKET | kinds.ORDER | kinds.DRAFT | kinds.PRIVACY | kinds.GOODS),
    )

    order_id: NeededId
    id: NeededId
    created_at: Date = None
    processed_at: Annotated[Date, unless("created_at")] = needed_unless_given()
    transactions: Objects[Transaction] = Field(default_factory=list)
    refund_line_items: Objects[RefundedLine] = Field(default_factory=list)
