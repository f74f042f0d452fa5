"""Events of customers."""

from functions.core.base.translation import Translation
from functions.sources.event_parts import names
from functions.sources.stripe.models.people import Customer
from functions.sources.webhook import Person, Webhook


def created(webhook: Webhook[Customer]) -> Translation:
    """Translate customer.created."""
    return _customer(webhook, "Customer Created")


def updated(webhook: Webhook[Customer]) -> Translation:
    """Translate customer.updated."""
    return _customer(webhook, "Customer Updated")


def _customer(webhook: Webhook[Customer], name: str) -> Translation:
    customer = webhook.body
    identifiers = names(
        ("email", customer.email), ("user_id", customer.metadata.segue_user_id), ("stripe", customer.id)
    )
    return Translation(
        (webhook.event(name, webhook.triggered, Person(identifiers, customer.traits(customer.locale)), {}),)
    )
