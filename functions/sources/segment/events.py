"""Translate a validated Segment message into an event."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from functions.core.base import money, zones
from functions.core.base.events import Consent, Event
from functions.core.base.identity import REPLACED
from functions.core.base.translation import Request, Unclear
from functions.core.messages.visit import PARAMETER
from functions.sources.bodies import write_json
from functions.sources.event_parts import digest, message_id, natural, order_id, stamp
from functions.sources.fields import first_of, text
from functions.sources.segment.models import Alias, Batch, Group, Identify, Page, Screen, SdkMessage
from functions.sources.segment.standing import USER_HASH, standing
from functions.sources.segment.visit import without_token

# Where the Segment vocabulary lets a cart go by another name; the key of carts is cart_id. An order that names none
# ends all that are older: its own number is the name of no cart that somebody filled.
CART = ("Product Added", "Product Removed", "Cart Viewed", "Checkout Started", "Checkout Updated")
CART_NAMES = ("checkout_id", "order_id")
# A statement of consent is kept as one, and a signature is a secret.
_NO_TRAITS = ("email_marketing_consent", USER_HASH, PARAMETER)
_STRICTEST: tuple[Consent, ...] = ("unsubscribed", "pending", "subscribed")


def event(
    message: SdkMessage, body: Mapping[str, Any], request: Request, sent_at: int | None, position: int
) -> Event | None:
    """The message's event; None if every identifier names nobody (``undefined`` and similar values).

    ``body`` is the message as received, ``sent`` when its batch was sent (milliseconds UTC), ``position`` its index
    there.
    """
    identifiers, claims, trust = standing(message, request)
    if not identifiers:
        return None
    happened = message.sender_time
    name = message.title or message.event or ""
    properties = money.normalise(_properties(message), request.currency)
    return Event(
        name=name,
        time=_time(happened, first_of(message.sent_at, sent_at), request.received),
        received=request.received,
        identifiers=identifiers,
        sort=f"{stamp(happened)}#{_message_id(message, body, f'{request.id}#{position}')}",
        source="segment",
        properties=properties,
        traits=_traits(message),
        consent=next((state for state in _STRICTEST if state in message.consents), None),
        natural=natural(name, properties),
        trust=trust,
        claims=claims,
    )


def as_history(event: Event, message: SdkMessage) -> Event:
    """The event as one of the past; a yes whose time is not told may be older than any other answer."""
    undated = event.consent == "subscribed" and message.sender_time is None
    return replace(event, imported=True, undated=undated)


def unclear(message: SdkMessage, body: Mapping[str, Any], batch: Batch) -> Unclear:
    """A message that names nobody, in a form that can be replayed alone."""
    alone = {**body, "type": message.kind, "sentAt": body.get("sentAt") or batch.sent_at_text}
    past = {"historical": True} if batch.historical else {}
    return Unclear("every identifier names nobody", write_json({**past, "batch": [alone]}))


def _time(happened: int | None, sent_at: int | None, received: int) -> int:
    """The event's time by our clock: the sender's clock may be wrong, but its delay before sending is right."""
    if happened is None:
        return received
    if sent_at is None:
        return min(happened // 1000, received)
    return max(0, min((received * 1000 - (sent_at - happened)) // 1000, received))


def _message_id(message: SdkMessage, body: Mapping[str, Any], place: str) -> str:
    """The sender's id, or a digest.

    Without an id, messages of equal content and time are one message; without a time each is another.
    """
    own = text(message.message_id, 40_000)
    # Two ids may look the same once something in them was replaced.
    if own and REPLACED not in own:
        return message_id(own)
    content = {key: value for key, value in body.items() if key not in ("sentAt", "writeKey")}
    if message.sender_time is None:
        content["request"] = place
    return digest(write_json(dict(sorted(content.items()))))


def _properties(message: SdkMessage) -> dict[str, Any]:
    properties = without_token(message.properties)
    if isinstance(message, Page | Screen):
        properties |= {key: value for key in ("name", "category") if (value := getattr(message, key))}
    if isinstance(message, Group):
        properties = {**message.traits, "group_id": text(message.group_id)}
    if isinstance(message, Alias):
        properties["previous_id"] = text(message.previous_id, 512)
    if message.event in CART and not text(properties.get("cart_id")):
        name = next((name for name in map(properties.get, CART_NAMES) if text(name)), None)
        properties |= {"cart_id": name} if name else {}
    if text(properties.get("order_id")):
        properties["order_id"] = order_id(properties["order_id"])
    return properties


def _traits(message: SdkMessage) -> dict[str, Any]:
    """The traits that the message states of the person."""
    traits = dict(message.context_traits)
    if not isinstance(message, Group):
        traits.update(message.traits)
    if isinstance(message, Identify):
        # An unknown time zone would replace a valid earlier one.
        device = {"locale": message.locale, "timezone": zones.canonical(message.timezone)}
        traits = {**{name: value for name, value in device.items() if value}, **traits}
    return {name: value for name, value in traits.items() if name not in _NO_TRAITS}
