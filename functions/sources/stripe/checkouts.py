"""Events of checkout sessions: Stripe's own page, on which somebody pays or which somebody leaves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from functions.core.base.events import Consent, Event
from functions.core.base.translation import Translation
from functions.sources.event_parts import names
from functions.sources.stripe.amounts import major
from functions.sources.stripe.models.payments import Session
from functions.sources.webhook import Occurrence, Person, Webhook

# What the buyer has answered to Stripe's question about promotional e-mail.
_PROMOTIONS: Mapping[str, Consent] = {"opt_in": "subscribed", "opt_out": "unsubscribed"}
# A session that saves a card for later: nothing is bought.
SETUP = "setup"
PAID = "paid"


def completed(webhook: Webhook[Session]) -> Translation:
    """Translate checkout.session.completed; a payment that takes days has been ordered, and not paid."""
    at, session = webhook.triggered, webhook.body
    if session.mode == SETUP:
        return Translation(unused=webhook.topic)
    paid = [_order(webhook, "Order Paid", at)] if session.payment_status == PAID else []
    return _told(webhook, [_started(webhook), *paid, _order(webhook, "Order Completed", at)])


def paid(webhook: Webhook[Session]) -> Translation:
    """Translate checkout.session.async_payment_succeeded: the order again, whose own webhook may be lost."""
    order = _order(webhook, "Order Completed", webhook.body.created)
    return _told(webhook, [_started(webhook), order, _order(webhook, "Order Paid", webhook.triggered)])


def failed(webhook: Webhook[Session]) -> Translation:
    """Translate checkout.session.async_payment_failed: what was ordered is not paid, days later."""
    return _told(webhook, [_order(webhook, "Order Voided", webhook.triggered)])


def expired(webhook: Webhook[Session]) -> Translation:
    """Translate checkout.session.expired: it was left. Of one that names nobody nothing is kept."""
    session = webhook.body
    if session.mode == SETUP or not _buyer(session):
        return Translation(unused=webhook.topic)
    left = webhook.event("Checkout Updated", webhook.triggered, _person(session), _checkout(webhook))
    return _told(webhook, [_started(webhook), left])


def _told(webhook: Webhook[Session], events: list[Event]) -> Translation:
    """The events, of which the last tells of the person, and what the buyer has answered about e-mail."""
    session, (*before, last) = webhook.body, events
    traits = session.customer_details.traits(session.locale)
    return Translation((*before, replace(last, traits=traits), *_consents(webhook)))


def _consents(webhook: Webhook[Session]) -> list[Event]:
    session, buyer = webhook.body, _buyer(webhook.body)
    consent = _PROMOTIONS.get(session.promotions or "")
    # The answer lies between the two: a yes is as old as it can be, a no as new.
    at = session.created if consent == "subscribed" else webhook.triggered
    return webhook.statement(consent, buyer, at, f"consent:{consent}")


def _started(webhook: Webhook[Session]) -> Event:
    session = webhook.body
    occurrence = Occurrence(f"checkout:{session.id}", _revision(webhook))
    return webhook.event("Checkout Started", session.created, _person(session), _checkout(webhook), occurrence)


def _order(webhook: Webhook[Session], name: str, at: int | None) -> Event:
    """An event of the order. It names no cart but the shop's own: so it ends every cart before it."""
    session = webhook.body
    properties = {
        "order_id": session.order_id,
        "cart_id": session.metadata.segue_cart_id,
        "checkout_id": session.id,
        **_sums(webhook),
    }
    occurrence = Occurrence(f"order:{session.order_id}", _revision(webhook))
    return webhook.event(name, at, _person(session), properties, occurrence)


def _checkout(webhook: Webhook[Session]) -> dict[str, Any]:
    session = webhook.body
    cart = session.metadata.segue_cart_id or session.id
    return {"checkout_id": session.id, "cart_id": cart, "checkout_url": session.recovery, **_sums(webhook)}


def _sums(webhook: Webhook[Session]) -> dict[str, Any]:
    """The amounts, in major units; Stripe's events do not have the lines."""
    session, currency = webhook.body, webhook.currency
    subtotal = major(session.amount_subtotal, currency)
    return {
        "total": major(session.amount_total, currency),
        "subtotal": subtotal,
        "revenue": subtotal,
        "tax": major(session.tax, currency),
        "shipping": major(session.shipping, currency),
        "discount": major(session.discount, currency),
        "currency": currency,
        "test": None if session.livemode else True,
    }


def _revision(webhook: Webhook[Session]) -> int:
    return (webhook.triggered or 0) // 1000


def _buyer(session: Session) -> tuple[str, ...]:
    return names(
        ("email", session.customer_details.email or session.customer_email),
        ("user_id", session.metadata.segue_user_id),
        ("stripe", session.customer),
    )


def _person(session: Session) -> Person:
    return Person((*_buyer(session), *names(("stripe_payment", session.payment_intent))))
