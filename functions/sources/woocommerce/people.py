"""Webhooks of customers, and what orders say of people."""

from dataclasses import replace
from typing import Any

from functions.core.base.events import Event
from functions.core.base.translation import Translation
from functions.sources.event_parts import compact, names
from functions.sources.fields import text
from functions.sources.webhook import Person, Webhook
from functions.sources.woocommerce.models.people import Address, Customer, stated


def created(webhook: Webhook[Customer]) -> Translation:
    """Translate the webhook customer.created."""
    return _customer(webhook, "Customer Created", webhook.body.date_created_gmt)


def updated(webhook: Webhook[Customer]) -> Translation:
    """Translate the webhook customer.updated."""
    return _customer(webhook, "Customer Updated", webhook.body.changed_at)


def _customer(webhook: Webhook[Customer], name: str, at: int) -> Translation:
    customer = webhook.body
    home = customer.billing
    identifiers = names(("email", customer.email or home.email), ("woocommerce", customer.id))
    own = {"email": text(customer.email), "first_name": customer.first_name, "last_name": customer.last_name}
    event = webhook.event(name, at, Person(identifiers, {**traits(home), **compact(own)}), {})
    return Translation((event, *_standing(webhook, identifiers)))


def _standing(webhook: Webhook[Customer], identifiers: tuple[str, ...]) -> list[Event]:
    """What a field of the customer says about marketing e-mail, which every update repeats without a date.

    A yes is then as old as can be, and anything else as new as the update.
    """
    customer = webhook.body
    consent = stated(customer.meta_data)
    if consent != "subscribed":
        return webhook.statement(consent, identifiers, customer.changed_at, f"consent:{consent}")
    told = webhook.statement(consent, identifiers, customer.date_created_gmt, "consent:undated")
    return [replace(event, undated=True) for event in told]


def traits(address: Address) -> dict[str, Any]:
    """The known traits of whom the address is of."""
    return compact(
        {
            "email": text(address.email),
            "first_name": address.first_name,
            "last_name": address.last_name,
            "phone": address.phone,
            "city": address.city,
            "province": address.state,
            "zip": address.postcode,
            "country_code": address.country,
        }
    )
