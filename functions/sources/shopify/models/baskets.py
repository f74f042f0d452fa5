"""Carts, checkouts and orders: their lines, people and amounts."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AliasPath, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from functions.sources.fields import (
    Currency,
    Date,
    Email,
    Id,
    Link,
    LongText,
    Money,
    NeededDate,
    NeededId,
    NeededLongText,
    Object,
    Objects,
    Text,
    Truthy,
    Whole,
    first_of,
    mappings,
    needed,
    needed_unless_given,
    text,
    unless,
)
from functions.sources.payload import Payload
from functions.sources.shape import Shape
from functions.sources.shopify.models import shape as kinds
from functions.sources.shopify.models.body import Body, CartToken, cart_token, in_shop_money
from functions.sources.shopify.models.people import Customer, PostalAddress

LINES = 500
# Payment statuses of an order of which nothing was paid.
UNPAID = ("pending", "authorized", "expired")


def _lines(value: Any) -> list[dict[str, Any]] | None:
    """The valid lines; None, not empty, if the value is no list or holds no valid line."""
    lines = mappings(value)[:LINES]
    return lines if lines or value == [] else None


def _paid(value: Any) -> str | None:
    if value in UNPAID:
        raise PydanticCustomError("unpaid", "is not that of a paid order")
    return text(value)


class Line(Payload):
    """A line of a cart, a checkout, an order or a refund."""

    product_id: Id = None
    variant_id: Id = None
    sku: Text = None
    title: Text = None
    presentment_title: Text = None
    name: Text = None
    variant_title: Text = None
    vendor: Text = None
    product_type: Text = None
    price: Money = None
    price_in_shop: Money = in_shop_money("price")
    compare_at_price: Money = None
    compare_at_price_in_shop: Money = in_shop_money("compare_at_price")
    line_price: Money = None
    line_price_in_shop: Money = in_shop_money("line_price")
    currency: Currency = Field(default=None, validation_alias=AliasPath("price_set", "shop_money", "currency_code"))
    quantity: Whole = None
    image_url: Link = None
    image: Link = None
    url: Link = None


class DiscountCode(Payload):
    """A code that the buyer entered."""

    code: Text = None


class Basket(Body):
    """The fields common to carts, checkouts and orders; ``line_items`` is None if the body has no lines."""

    line_items: Annotated[list[Line] | None, BeforeValidator(_lines)] = None

    @property
    def shop_currency(self) -> str | None:
        """The shop's currency: the basket's own, or that of its lines."""
        return first_of(self.currency, *(line.currency for line in self.line_items or ()))


class Cart(Basket):
    """The body of carts/create and carts/update, which names nobody and has no sums."""

    shape: ClassVar[Shape] = Shape(
        has=(("line_items",),),
        lacks=frozenset({"email", "customer", "total_price", "subtotal_price", "cart_token"})
        | (kinds.ORDER | kinds.CHECKOUT | kinds.DRAFT | kinds.ABOUT_AN_ORDER | kinds.PRIVACY | kinds.GOODS),
    )

    token: CartToken = None
    id: Annotated[str | None, needed(cart_token), unless("token")] = needed_unless_given()
    updated_at: Date = None
    created_at: Annotated[Date, unless("updated_at")] = needed_unless_given()


class Purchase(Basket):
    """The fields common to checkouts and orders: a person and amounts."""

    created_at: NeededDate
    updated_at: Date = None
    cart_token: CartToken = None
    email: Email = None
    contact_email: Email = None
    customer: Object[Customer] = Field(default_factory=Customer)
    customer_locale: Text = None
    billing_address: Object[PostalAddress] = Field(default_factory=PostalAddress)
    total_price: Money = None
    total_price_in_shop: Money = in_shop_money("total_price")
    subtotal_price: Money = None
    subtotal_price_in_shop: Money = in_shop_money("subtotal_price")
    total_tax: Money = None
    total_tax_in_shop: Money = in_shop_money("total_tax")
    total_discounts: Money = None
    total_discounts_in_shop: Money = in_shop_money("total_discounts")
    discount_codes: Objects[DiscountCode] = Field(default_factory=list)
    source_name: Text = None

    @property
    def changed_at(self) -> int:
        """When it was last changed, or else created (milliseconds UTC)."""
        return self.created_at if self.updated_at is None else self.updated_at

    @property
    def subtotal(self) -> Decimal | None:
        """The sum of the lines after discounts, in the shop's currency."""
        return first_of(self.subtotal_price_in_shop, self.subtotal_price)

    @property
    def coupon(self) -> str | None:
        """The first discount code; None if there is none."""
        return first_of(*(each.code for each in self.discount_codes))


class CheckoutKey(Body):
    """The key of a checkout.

    It is a base of its own, and the last, so that its field is the first to be reported as missing.
    """

    token: NeededLongText


class Checkout(Purchase, CheckoutKey):
    """The body of checkouts/create and checkouts/update."""

    shape: ClassVar[Shape] = Shape(
        has=(("abandoned_checkout_url", "cart_token", "total_price", "email", "customer"),),
        lacks=kinds.ORDER | kinds.DRAFT | kinds.REFUND | kinds.ABOUT_AN_ORDER | kinds.PRIVACY | kinds.GOODS,
    )

    completed_at: Truthy = False
    abandoned_checkout_url: Link = None


class Order(Purchase):
    """The body of orders/create and orders/updated."""

    shape: ClassVar[Shape] = Shape(
        has=(("total_price", *sorted(kinds.ORDER)),),
        lacks=kinds.CHECKOUT | kinds.DRAFT | kinds.REFUND | kinds.ABOUT_AN_ORDER | kinds.PRIVACY | kinds.GOODS,
    )

    id: NeededId
    name: Text = None
    cancelled_at: Date = None
    checkout_token: LongText = None
    financial_status: Text = None
    total_shipping_price: Money = None
    total_shipping_price_in_shop: Money = in_shop_money("total_shipping_price")
    order_status_url: Link = None
    cancel_reason: Text = None
    test: Annotated[bool, BeforeValidator(lambda value: value is True)] = False


class PaidOrder(Order):
    """The body of orders/paid; that of a new order, which waits for its payment, is none."""

    financial_status: Annotated[str | None, BeforeValidator(_paid)] = None


class CancelledOrder(Order):
    """The body of orders/cancelled, the only one of an order for which a time of cancellation is needed."""

    cancelled_at: NeededDate
