"""What is wrong with a message: every fault, and where it is."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from functions.core.base.errors import Fault
from functions.sources.bodies import unstorable
from functions.sources.event_parts import NAME_BYTES
from functions.sources.fields import instant, mapping

KINDS = ("identify", "track", "page", "screen", "group", "alias")
STATES = ("subscribed", "pending", "unsubscribed")
# The longest name of an event: names are keys of timelines.
NAME = 200

Check = Callable[[Any], str | None]


def _id(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return "must be text or a whole number"
    if len(str(value).encode()) > NAME_BYTES:
        return f"is longer than {NAME_BYTES} bytes"
    return None


def _text(value: Any) -> str | None:
    return None if isinstance(value, str) else "must be text"


def _time(value: Any) -> str | None:
    if isinstance(value, str) and instant(value) is not None:
        return None
    return "must be an RFC 3339 time since 1970"


def _object(value: Any) -> str | None:
    return None if isinstance(value, dict) or value == [] else "must be an object"


def _boolean(value: Any) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


FIELDS: Mapping[str, Check] = {
    "userId": _id,
    "anonymousId": _id,
    "previousId": _id,
    "groupId": _id,
    "messageId": _id,
    "event": _text,
    "name": _text,
    "category": _text,
    "timestamp": _time,
    "originalTimestamp": _time,
    "sentAt": _time,
    "properties": _object,
    "traits": _object,
    "context": _object,
}
SUGGESTIONS: Mapping[Check, str] = {_time: "2026-11-21T19:13:05.114Z", _object: "{}", _boolean: "true"}
NEEDED = {"track": ("event",), "group": ("groupId",), "alias": ("previousId", "userId")}


def faults(message: Any, kind: str | None, at: str) -> Iterator[Fault]:
    """Every fault of one message; ``at`` is the path of the message, ``batch[3].`` or empty.

    ``kind`` is that of the path the message came by, None in a batch, where each message says its own.
    """
    if not isinstance(message, dict):
        yield Fault("must be an object", at.rstrip(".") or "body")
        return
    kind = kind or message.get("type")
    if kind not in KINDS:
        yield Fault(f"must be one of {', '.join(KINDS)}", f"{at}type", suggestion=nearest(kind, KINDS))
    for name in FIELDS:
        yield from field(message, name, at)
    yield from _missing(message, str(kind), at)
    yield from _consent(message, at)
    for name in ("properties", "traits", "context"):
        for place in unstorable(message.get(name), f"{at}{name}"):
            yield Fault("has more digits than can be kept exactly", place)


def field(message: Mapping[str, Any], name: str, at: str = "") -> Iterator[Fault]:
    """What is wrong with one field, if it is there."""
    if message.get(name) is not None:
        yield from _apply(FIELDS[name], message[name], f"{at}{name}")


def _apply(check: Check, value: Any, where: str) -> Iterator[Fault]:
    wrong = check(value)
    if wrong:
        yield Fault(wrong, where, suggestion=SUGGESTIONS.get(check))


def _missing(message: Mapping[str, Any], kind: str, at: str) -> Iterator[Fault]:
    for name in NEEDED.get(kind, ()):
        if message.get(name) in (None, ""):
            yield Fault("is missing", f"{at}{name}")
    event = message.get("event")
    if kind == "track" and isinstance(event, str) and event and not 0 < len(event.strip()) <= NAME:
        yield Fault(f"must have 1 to {NAME} characters", f"{at}event")
    named = any(message.get(name) not in (None, "") for name in ("userId", "anonymousId", "previousId"))
    if kind != "alias" and not named and not email(message, kind):
        yield Fault("userId or anonymousId is missing", f"{at}userId", suggestion="anonymousId")


def _consent(message: Mapping[str, Any], at: str) -> Iterator[Fault]:
    context = mapping(message.get("context"))
    marketing = mapping(mapping(context.get("consent")).get("categoryPreferences")).get("marketing")
    if marketing is not None:
        yield from _apply(_boolean, marketing, f"{at}context.consent.categoryPreferences.marketing")
    if context.get("traits") is not None:
        yield from _apply(_object, context["traits"], f"{at}context.traits")
    for where, traits in (("traits", message.get("traits")), ("context.traits", context.get("traits"))):
        state = mapping(traits).get("email_marketing_consent")
        if state is not None and state not in STATES:
            wrong = f"must be one of {', '.join(STATES)}"
            yield Fault(wrong, f"{at}{where}.email_marketing_consent", suggestion=nearest(state, STATES))


def email(message: Mapping[str, Any], kind: str) -> Any:
    """The address that a message names: in its traits, in its context's, or in what was tracked."""
    places = [mapping(mapping(message.get("context")).get("traits"))]
    if kind == "track":
        places.append(mapping(message.get("properties")))
    if kind != "group":
        places.insert(0, mapping(message.get("traits")))
    found = (place.get("email") for place in places)
    return next((address for address in found if isinstance(address, str) and address), None)


def nearest(value: Any, choices: tuple[str, ...]) -> str | None:
    """The choice that was probably meant."""
    if not isinstance(value, str):
        return None
    from difflib import get_close_matches

    return next(iter(get_close_matches(value.lower()[:50], choices, 1)), None)
