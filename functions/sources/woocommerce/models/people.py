"""Customers, addresses, and the consent that a shop keeps in a field of its own."""

from collections.abc import Iterable
from typing import ClassVar, get_args

from pydantic import Field

from functions.core.base.events import Consent
from functions.sources.fields import Email, NeededId, Object, Objects, Text
from functions.sources.payload import Payload
from functions.sources.shape import Shape
from functions.sources.woocommerce.models import kinds
from functions.sources.woocommerce.models.kinds import Dated, Meta

# The most lenient first.
STATES: tuple[Consent, ...] = get_args(Consent)
# WooCommerce asks nobody about marketing. A shop that does keeps the answer in a field with one of these names; the
# names of fields that its pages do not show begin with an underscore.
CONSENT = ("email_marketing_consent", "_email_marketing_consent")


def stated(fields: Iterable[Meta]) -> Consent | None:
    """The strictest statement about marketing e-mail among the fields; None if there is none."""
    said = {each.value for each in fields if each.key in CONSENT}
    return next((state for state in reversed(STATES) if state in said), None)


class Address(Payload):
    """A postal address, with the person's name, e-mail address and telephone."""

    first_name: Text = None
    last_name: Text = None
    email: Email = None
    phone: Text = None
    city: Text = None
    state: Text = None
    postcode: Text = None
    country: Text = None


class Customer(Dated):
    """The body of customer.created and customer.updated."""

    shape: ClassVar[Shape] = Shape(
        has=(("username", "role", "is_paying_customer"),),
        lacks=kinds.ORDER | kinds.REFUND | kinds.PRODUCT | kinds.COUPON | kinds.WEBHOOK,
    )

    id: NeededId
    email: Email = None
    first_name: Text = None
    last_name: Text = None
    billing: Object[Address] = Field(default_factory=Address)
    meta_data: Objects[Meta] = Field(default_factory=list)
