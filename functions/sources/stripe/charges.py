"""Events of charges: what was paid back."""

from functions.core.base.events import Event
from functions.core.base.translation import Translation
from functions.sources.event_parts import names
from functions.sources.stripe.amounts import major
from functions.sources.stripe.models.payments import Charge
from functions.sources.webhook import Occurrence, Person, Webhook


def refunded(webhook: Webhook[Charge]) -> Translation:
    """Translate charge.refunded.

    The charge tells the sum of its refunds, so it is one refund that grows: an event that is lost, late or told twice
    changes nothing once the newest is there.
    """
    charge = webhook.body
    events = [_event(webhook, "Order Refunded", f"refund:{charge.id}")]
    if charge.refunded:
        events.append(_event(webhook, "Order Fully Refunded", f"order:{charge.order_id}"))
    return Translation(tuple(events))


def _event(webhook: Webhook[Charge], name: str, natural: str) -> Event:
    charge = webhook.body
    person = names(
        ("email", charge.billing_details.email or charge.receipt_email),
        ("user_id", charge.metadata.segue_user_id),
        ("stripe", charge.customer),
        ("stripe_payment", charge.payment_intent),
    )
    properties = {
        "order_id": charge.order_id,
        "refund_id": charge.id,
        "total": major(charge.amount_refunded, webhook.currency),
        "currency": webhook.currency,
        "test": None if charge.livemode else True,
    }
    occurrence = Occurrence(natural, (webhook.triggered or 0) // 1000)
    return webhook.event(name, webhook.triggered, Person(person), properties, occurrence)
