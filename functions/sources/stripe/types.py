"""The types of Stripe's events that are translated."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from functions.core.base.errors import NotUnderstood
from functions.core.base.translation import Request, Translation
from functions.sources.event_parts import message_id
from functions.sources.payload import understand
from functions.sources.stripe import charges, checkouts, people
from functions.sources.stripe.models.base import StripeEvent, StripeObject
from functions.sources.stripe.models.payments import Charge, Session
from functions.sources.stripe.models.people import Customer
from functions.sources.webhook import Webhook

S = TypeVar("S", bound=StripeObject)


@dataclass(frozen=True, slots=True)
class Type(Generic[S]):
    """The model of a type's objects, and their translation."""

    model: type[S]
    translate: Callable[[Webhook[S]], Translation]


TYPES: Mapping[str, Type[Any]] = {
    "checkout.session.completed": Type(Session, checkouts.completed),
    "checkout.session.async_payment_succeeded": Type(Session, checkouts.paid),
    "checkout.session.async_payment_failed": Type(Session, checkouts.failed),
    "checkout.session.expired": Type(Session, checkouts.expired),
    "charge.refunded": Type(Charge, charges.refunded),
    "customer.created": Type(Customer, people.created),
    "customer.updated": Type(Customer, people.updated),
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
