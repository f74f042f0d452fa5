"""From a checked Segment message to an event."""

from collections.abc import Mapping
from typing import Any

from functions.core.base import money, zones
from functions.core.base.events import Consent, Event
from functions.core.base.intake import Request, Unclear
from functions.sources.bodies import write_json
from functions.sources.event_parts import digest, message_id, names, order_id, stamp
from functions.sources.fields import instant, mapping, text
from functions.sources.segment.check import email

NAMES = {
    "identify": "Identified",
    "page": "Page Viewed",
    "screen": "Screen Viewed",
    "group": "Group Joined",
    "alias": "Aliased",
}
# What happens once to an order or a checkout, whoever tells it, and the property that says to which.
ONCE = {
    "Order Completed": ("order", "order_id"),
    "Order Paid": ("order", "order_id"),
    "Order Cancelled": ("order", "order_id"),
    "Store Purchase": ("order", "order_id"),
    "Order Refunded": ("refund", "refund_id"),
    "Checkout Started": ("checkout", "checkout_id"),
}
# Where the Segment vocabulary lets a cart go by another name; the key of carts is cart_id. An order that names none
# ends all that are older: its own number is the name of no cart that somebody filled.
CART = ("Product Added", "Product Removed", "Cart Viewed", "Checkout Started", "Checkout Updated")
CART_NAMES = ("checkout_id", "order_id")
_STRICTEST: tuple[Consent, ...] = ("unsubscribed", "pending", "subscribed")


def event(
    message: Mapping[str, Any], kind: str, request: Request, batch_sent: Any, position: int = 0
) -> Event | Unclear:
    """The event, or Unclear for a message whose every identifier names nobody (``undefined`` and its kind)."""
    identifiers = names(
        ("user_id", message.get("userId")),
        ("anonymous_id", message.get("anonymousId")),
        # What an alias comes from may be a device or an account, and only the sender knows: it joins as both.
        ("anonymous_id", message.get("previousId") if kind == "alias" else None),
        ("user_id", message.get("previousId") if kind == "alias" else None),
        ("email", email(message, kind)),
    )
    if not identifiers:
        alone = {**message, "type": kind, "sentAt": message.get("sentAt") or batch_sent}
        return Unclear("every identifier names nobody", write_json({"batch": [alone]}))
    said = instant(message.get("originalTimestamp") or message.get("timestamp"))
    name = str(message["event"]).strip() if kind == "track" else NAMES[kind]
    properties = money.normalise(_properties(message, kind), request.currency)
    return Event(
        name=name,
        time=_time(said, instant(message.get("sentAt") or batch_sent), request.received),
        received=request.received,
        identifiers=identifiers,
        sort=f"{stamp(said)}#{_message_id(message, said, f'{request.id}#{position}')}",
        source="segment",
        properties=properties,
        traits=_traits(message, kind),
        consent=_consent(message, kind),
        natural=_natural(name, properties),
    )


def _time(said: int | None, sent: int | None, received: int) -> int:
    """When it happened by our clock: the sender's clock may be wrong, but not how long it waited to send."""
    if said is None:
        return received
    if sent is None:
        return min(said // 1000, received)
    return max(0, min((received * 1000 - (sent - said)) // 1000, received))


def _message_id(message: Mapping[str, Any], said: int | None, place: str) -> str:
    """The sender's id. Without one the same words at the same time are one message; without a time each is another."""
    given = text(message.get("messageId"), 40_000)
    if given:
        return message_id(given)
    told = {key: value for key, value in message.items() if key not in ("sentAt", "writeKey")}
    if said is None:
        told["request"] = place
    return digest(write_json(dict(sorted(told.items()))))


def _properties(message: Mapping[str, Any], kind: str) -> dict[str, Any]:
    properties = dict(mapping(message.get("properties")))
    if kind in ("page", "screen"):
        properties.update({key: message[key] for key in ("name", "category") if message.get(key)})
    if kind == "group":
        properties = {**mapping(message.get("traits")), "group_id": text(message.get("groupId"))}
    if kind == "alias":
        properties["previous_id"] = text(message.get("previousId"), 512)
    if str(message.get("event")).strip() in CART and not text(properties.get("cart_id")):
        named = next((name for name in map(properties.get, CART_NAMES) if text(name)), None)
        properties |= {"cart_id": named} if named else {}
    if text(properties.get("order_id")):
        properties["order_id"] = order_id(properties["order_id"])
    return properties


def _traits(message: Mapping[str, Any], kind: str) -> dict[str, Any]:
    context = mapping(message.get("context"))
    traits = dict(mapping(context.get("traits")))
    if kind != "group":
        traits.update(mapping(message.get("traits")))
    if kind == "identify":
        traits = {**_device(context), **traits}
    traits.pop("email_marketing_consent", None)
    return traits


def _device(context: Mapping[str, Any]) -> dict[str, Any]:
    """What the device says of the person; a time zone that no database knows would hide one that was said before."""
    said = {"locale": text(context.get("locale")), "timezone": zones.canonical(context.get("timezone"))}
    return {name: value for name, value in said.items() if value}


def _consent(message: Mapping[str, Any], kind: str) -> Consent | None:
    """What the message says of marketing e-mail; of two statements the stricter."""
    context = mapping(message.get("context"))
    marketing = mapping(mapping(context.get("consent")).get("categoryPreferences")).get("marketing")
    said = [mapping(context.get("traits")).get("email_marketing_consent")]
    if kind != "group":
        said.append(mapping(message.get("traits")).get("email_marketing_consent"))
    if marketing is not None:
        said.append("subscribed" if marketing else "unsubscribed")
    return next((state for state in _STRICTEST if state in said), None)


def _natural(name: str, properties: Mapping[str, Any]) -> str | None:
    kind, field = ONCE.get(name, ("", ""))
    value = text(properties.get(field)) if kind else None
    return f"{kind}:{value}" if value else None
