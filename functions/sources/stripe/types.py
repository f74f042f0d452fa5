"""The types of Stripe's events that are translated."""

from collections.abc import Mapping
from typing import Any

from functions.core.base.errors import NotUnderstood
from functions.core.base.translation import Request, Translation
from functions.sources.event_parts import message_id
from functions.sources.payload import understand
from functions.sources.stripe import charges, checkouts, people
from functions.sources.stripe.models.base import StripeEvent
from functions.sources.stripe.models.payments import Charge, Session
from functions.sources.stripe.models.people import Customer
from functions.sources.webhook import Topic, Webhook

TYPES: Mapping[str, Topic[Any]] = {
    "checkout.session.completed": Topic(Session, checkouts.completed),
    "checkout.session.async_payment_succeeded": Topic(Session, checkouts.paid),
    "checkout.session.async_payment_failed": Topic(Session, checkouts.failed),
    "checkout.session.expired": Topic(Session, checkouts.expired),
    "charge.refunded": Topic(Charge, charges.refunded),
    "customer.created": Topic(Customer, people.created),
    "customer.updated": Topic(Customer, people.updated),
}


def translate(request: Request, body: Any) -> Translation:
    """Translate the event by its type; a type that is not in the table is acknowledged and ignored.

    An event that is sent again has its id, and may differ in the rest. Raises NotUnderstood with what is wrong.
    """
    event = understand(StripeEvent, body, "event")
    known = TYPES.get(event.type)
    if known is None:
        return Translation(unused=event.type[:100])
    subject = understand(known.model, event.subject, event.type)
    if subject.object != known.model.KIND:
        raise NotUnderstood(f"{event.type}: data.object is no {known.model.KIND}")
    return known.translate(
        Webhook(
            source="stripe",
            topic=event.type,
            body=subject,
            message=message_id(event.id),
            triggered=event.created,
            received=request.received,
            currency=getattr(subject, "currency", None) or request.currency,
        )
    )
