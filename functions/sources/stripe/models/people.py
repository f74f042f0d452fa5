"""Customers, and what checkouts and charges say of people."""

from typing import Any, ClassVar

from pydantic import AliasPath, Field

from functions.sources.event_parts import compact
from functions.sources.fields import Email, Object, Text, text
from functions.sources.payload import Payload
from functions.sources.stripe.models.base import Metadata, StripeObject


class Address(Payload):
    """A postal address."""

    city: Text = None
    state: Text = None
    postal_code: Text = None
    country: Text = None


class Details(Payload):
    """A person: of a checkout, of the payment's invoice, or a customer."""

    email: Email = None
    name: Text = None
    phone: Text = None
    address: Object[Address] = Field(default_factory=Address)

    def traits(self, locale: str | None = None) -> dict[str, Any]:
        """The known traits of the person."""
        return compact(
            {
                "email": text(self.email),
                "name": self.name,
                "phone": self.phone,
                "city": self.address.city,
                "province": self.address.state,
                "zip": self.address.postal_code,
                "country_code": self.address.country,
                "locale": None if locale == "auto" else locale,
            }
        )


class Customer(Details, StripeObject):
    """The object of customer.created and customer.updated."""

    KIND: ClassVar[str] = "customer"

    locale: Text = Field(default=None, validation_alias=AliasPath("preferred_locales", 0))
    metadata: Object[Metadata] = Field(default_factory=Metadata)
