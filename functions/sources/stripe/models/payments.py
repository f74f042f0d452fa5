"""Checkout sessions and charges."""

from typing import Annotated, ClassVar

from pydantic import AliasPath, BeforeValidator, Field

from functions.sources.event_parts import order_id
from functions.sources.fields import Currency, Email, Link, Object, Text, Whole
from functions.sources.stripe.models.base import Live, Metadata, NeededSeconds, Reference, StripeObject
from functions.sources.stripe.models.people import Details


class Payment(StripeObject):
    """The fields common to sessions and charges; amounts are in Stripe's units."""

    created: NeededSeconds
    currency: Currency = None
    livemode: Live = True
    customer: Reference = None
    payment_intent: Reference = None
    metadata: Object[Metadata] = Field(default_factory=Metadata)

    @property
    def order_id(self) -> str:
        """The shop's own number of the order, or what a session and its charge both know."""
        own = self.metadata.order_id
        return order_id(own) if own else self.payment_intent or self.id


class Session(Payment):
    """The object of checkout.session.*."""

    KIND: ClassVar[str] = "checkout.session"

    mode: Text = None
    payment_status: Text = None
    customer_details: Object[Details] = Field(default_factory=Details)
    customer_email: Email = None
    locale: Text = None
    promotions: Text = Field(default=None, validation_alias=AliasPath("consent", "promotions"))
    recovery: Link = Field(default=None, validation_alias=AliasPath("after_expiration", "recovery", "url"))
    amount_total: Whole = None
    amount_subtotal: Whole = None
    discount: Whole = Field(default=None, validation_alias=AliasPath("total_details", "amount_discount"))
    shipping: Whole = Field(default=None, validation_alias=AliasPath("total_details", "amount_shipping"))
    tax: Whole = Field(default=None, validation_alias=AliasPath("total_details", "amount_tax"))


class Charge(Payment):
    """The object of charge.refunded; ``amount_refunded`` is the sum of all its refunds."""

    KIND: ClassVar[str] = "charge"

    amount_refunded: Whole = None
    refunded: Annotated[bool, BeforeValidator(lambda value: value is True)] = False
    billing_details: Object[Details] = Field(default_factory=Details)
    receipt_email: Email = None
