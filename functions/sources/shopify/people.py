"""Webhooks of customers: their traits, consent and privacy requests."""

from dataclasses import replace
from typing import Any

from functions.core.base.domains import domain
from functions.core.base.errors import NotUnderstood
from functions.core.base.events import Event
from functions.core.base.tasks.erasures import ErasePeople
from functions.core.base.translation import Translation
from functions.sources.event_parts import compact, names
from functions.sources.fields import first_of, text
from functions.sources.shopify.models.people import (
    ConsentChange,
    CreatedCustomer,
    Customer,
    DataRequest,
    PostalAddress,
    Redaction,
    ShopRedaction,
    Statement,
    UpdatedCustomer,
)
from functions.sources.shopify.webhook import B, Webhook
from functions.sources.webhook import Person


def created(webhook: Webhook[CreatedCustomer]) -> Translation:
    """Translate the webhook customers/create."""
    customer = webhook.body
    at = first_of(customer.created_at, customer.updated_at)
    return _customer(webhook, customer, "Customer Created", at, since=at)


def updated(webhook: Webhook[UpdatedCustomer]) -> Translation:
    """Translate the webhook customers/update."""
    customer = webhook.body
    at = first_of(customer.updated_at, customer.created_at)
    return _customer(webhook, customer, "Customer Updated", at, since=first_of(customer.customer_since, at))


def _customer(webhook: Webhook[B], customer: Customer, name: str, at: int | None, *, since: int | None) -> Translation:
    event = webhook.event(name, at, Person(customer_identifiers(customer), traits(customer)), {})
    statement = customer.email_marketing_consent
    return Translation((event, *consents(webhook, statement, event.identifiers, yes=since, no=at)))


def customer_identifiers(customer: Customer) -> tuple[str, ...]:
    """The identifiers of a customer."""
    return names(("email", customer.email), ("shopify", customer.id))


def traits(customer: Customer, billing: PostalAddress | None = None, locale: str | None = None) -> dict[str, Any]:
    """The known traits of a customer, completed from the billing address of a guest."""
    home = customer.default_address
    if not home.model_fields_set and billing is not None:
        home = billing
    properties = compact(
        {
            "email": text(customer.email),
            "first_name": customer.first_name or home.first_name,
            "last_name": customer.last_name or home.last_name,
            "phone": customer.phone,
            "city": home.city,
            "province": home.province,
            "zip": home.zip,
            "country": home.country,
            "country_code": home.country_code,
            "locale": customer.locale or locale,
        }
    )
    return properties if customer.tags is None else {**properties, "tags": customer.tags}


def consents(
    webhook: Webhook[B], statement: Statement, identifiers: tuple[str, ...], *, yes: int | None, no: int | None
) -> list[Event]:
    """The customer's statement about marketing e-mail, as an event of its own at the instant it was made.

    Every later webhook repeats the statement. Dated by the webhook, an old yes would undo a newer no; dated and keyed
    by itself, a repetition is the same row of the log. For an undated statement, ``yes`` is the earliest possible time
    of a yes and ``no`` the latest of a no or a pending (milliseconds UTC), or None for the time of the delivery. Even
    so an undated yes says nothing against any no: the event says that it is undated.
    """
    consent, stated_at = statement.state, statement.consent_updated_at
    undated = stated_at is None and consent == "subscribed"
    at = stated_at if stated_at is not None else yes if undated else no
    key = f"consent:{consent}" if stated_at is not None else "consent:undated" if undated and at is not None else ""
    return [replace(event, undated=undated) for event in webhook.statement(consent, identifiers, at, key)]


def consent_changed(webhook: Webhook[ConsentChange]) -> Translation:
    """Translate customers_email_marketing_consent/update; the older topic without ``email`` is about SMS only."""
    body = webhook.body
    if body.email_marketing_consent.state is None:
        return Translation(unused=webhook.topic)
    identifiers = names(
        ("email", body.email_address or body.email),
        ("shopify", body.customer_id or body.id),
    )
    if not identifiers:
        raise NotUnderstood(f"{webhook.topic}: the body names nobody")
    return Translation(tuple(consents(webhook, body.email_marketing_consent, identifiers, yes=None, no=None)))


def data_requested(webhook: Webhook[DataRequest]) -> Translation:
    """Translate the webhook customers/data_request."""
    body = webhook.body
    person = Person(customer_identifiers(body.customer))
    properties = {"request_id": body.data_request.id, "orders": body.orders_requested}
    return Translation((webhook.event("Data Requested", None, person, properties),))


def redacted(webhook: Webhook[Redaction]) -> Translation:
    """Translate the webhook customers/redact."""
    body = webhook.body
    identifiers = (
        *customer_identifiers(body.customer),
        *names(*(("shopify_order", order) for order in body.orders_to_redact)),
    )
    if not identifiers:
        raise NotUnderstood(f"{webhook.topic}: the body names nobody")
    return Translation(erasures=(ErasePeople(identifiers),))


def shop_redacted(webhook: Webhook[ShopRedaction]) -> Translation:
    """Translate the webhook shop/redact into a request that the shop's owner has to confirm.

    Raises NotUnderstood until the shop has said its domain: before that, anybody's shop may be meant.
    """
    if not webhook.shops:
        raise NotUnderstood(f"{webhook.topic}: the setting shop_domain is not set; set it, then replay this request")
    return Translation(shop_erasure=domain(webhook.body.shop_domain))
