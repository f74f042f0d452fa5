"""Customers, their consent, and their requests under privacy law."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from functions.core.base.events import Consent
from functions.sources.fields import (
    Date,
    Email,
    Id,
    Ids,
    Instant,
    NeededText,
    Object,
    Text,
    ids,
    needed_unless_given,
    unless,
)
from functions.sources.payload import Payload
from functions.sources.shape import Shape
from functions.sources.shopify.models import shape as kinds
from functions.sources.shopify.models.body import Body

STATES: tuple[Consent, ...] = ("subscribed", "pending", "unsubscribed")
# States in which nobody has said anything about e-mail.
SILENT = ("not_subscribed", "redacted", "invalid")


def _state(value: Any) -> Any:
    return value if value in STATES else None


def _known_state(value: Any) -> Any:
    if value is not None and value not in STATES and value not in SILENT:
        raise PydanticCustomError("state", "is not a known state")
    return _state(value)


def _tags(value: Any) -> list[str] | None:
    return [tag.strip() for tag in value.split(",") if tag.strip()][:100] if isinstance(value, str) else None


def _object(value: Any) -> Any:
    if not isinstance(value, dict):
        raise PydanticCustomError("object", "is not an object")
    return value


def _list_of_ids(value: Any) -> list[str]:
    if not isinstance(value, list):
        raise PydanticCustomError("list", "is not a list")
    return ids(value)


# Fields of bodies that state facts about somebody or something; privacy requests have none of them.
_STATEMENTS = frozenset({"customer_id", "email_marketing_consent"}) | (
    kinds.BASKET | kinds.ORDER | kinds.ABOUT_AN_ORDER | kinds.SHOP | kinds.GOODS
)


class Statement(Payload):
    """A customer's statement about marketing e-mail; without a state there is none."""

    state: Annotated[Consent | None, BeforeValidator(_state)] = None
    consent_updated_at: Instant = None


class NewStatement(Statement):
    """A statement from a topic of its own.

    An unknown state may be a "no", so the request is quarantined until it is understood.
    """

    state: Annotated[Consent | None, BeforeValidator(_known_state)] = None


class PostalAddress(Payload):
    """A postal address, with the name on it."""

    first_name: Text = None
    last_name: Text = None
    city: Text = None
    province: Text = None
    zip: Text = None
    country: Text = None
    country_code: Text = None


class Customer(Body):
    """A customer, in a webhook of their own or within an order, a checkout or a privacy request."""

    shape: ClassVar[Shape] = Shape(
        has=(("email", "first_name", "last_name", "phone", "addresses", "default_address", "email_marketing_consent"),),
        lacks=frozenset({"title", "token", "customer_id", "customer"})
        | (kinds.BASKET | kinds.ORDER | kinds.ABOUT_AN_ORDER | kinds.PRIVACY | kinds.SHOP | kinds.GOODS),
    )

    id: Id = None
    email: Email = None
    first_name: Text = None
    last_name: Text = None
    phone: Text = None
    locale: Text = None
    tags: Annotated[list[str] | None, BeforeValidator(_tags)] = None
    default_address: Object[PostalAddress] = Field(default_factory=PostalAddress)
    email_marketing_consent: Object[Statement] = Field(default_factory=Statement)


class CreatedCustomer(Customer):
    """The body of customers/create."""

    created_at: Date = None
    updated_at: Annotated[Date, unless("created_at")] = needed_unless_given()


class UpdatedCustomer(Customer):
    """The body of customers/update."""

    updated_at: Date = None
    created_at: Annotated[Date, unless("updated_at")] = needed_unless_given()
    customer_since: Instant = Field(default=None, validation_alias="created_at")


class ConsentChange(Body):
    """The body of customers_email_marketing_consent/update and the older customers_marketing_consent/update.

    A customer's own body states consent too, and dates it by itself; here an undated statement is dated by a header.
    """

    shape: ClassVar[Shape] = Shape(
        has=(("email_marketing_consent", "sms_marketing_consent"),),
        lacks=frozenset({"created_at", "updated_at", "first_name", "last_name", "customer"})
        | (kinds.BASKET | kinds.ORDER | kinds.PRIVACY),
    )

    email_address: Email = None
    email: Email = None
    customer_id: Id = None
    id: Id = None
    email_marketing_consent: Object[NewStatement] = Field(default_factory=NewStatement)


class DataRequestId(Payload):
    """The fields that identify the customer in a privacy request."""

    id: Id = None


class DataRequest(Body):
    """The body of customers/data_request."""

    shape: ClassVar[Shape] = Shape(
        has=(("customer",), ("data_request", "orders_requested")),
        lacks=frozenset({"orders_to_redact", "created_at"}) | _STATEMENTS,
    )

    customer: Object[Customer] = Field(default_factory=Customer)
    data_request: Object[DataRequestId] = Field(default_factory=DataRequestId)
    orders_requested: Ids = Field(default_factory=list)


class Redaction(Body):
    """The body of customers/redact: an erasure needs every field of its own."""

    shape: ClassVar[Shape] = Shape(
        has=(("shop_domain",), ("customer",), ("orders_to_redact",)),
        lacks=frozenset({"orders_requested", "data_request", "created_at", "email"}) | _STATEMENTS,
    )

    shop_domain: NeededText
    customer: Annotated[Customer, BeforeValidator(_object)]
    orders_to_redact: Annotated[list[str], BeforeValidator(_list_of_ids)]


class ShopRedaction(Body):
    """The body of shop/redact, which names the shop and nobody: with any other field it is another topic's."""

    shape: ClassVar[Shape] = Shape(
        lacks=frozenset({"customer", "orders_to_redact", "orders_requested", "data_request"}) | _STATEMENTS,
        only=frozenset({"shop_id", "shop_domain"}),
    )

    shop_domain: NeededText
