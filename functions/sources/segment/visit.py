"""The visitor whom a link in an e-mail led to the shop's page, as its token says (law 13)."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from functions.core.base.events import Event
from functions.core.base.identity import namespace
from functions.core.base.translation import Request
from functions.core.messages.visit import PARAMETER, open_token
from functions.sources.segment.models import SdkMessage

_IN_ADDRESS = re.compile(rf"(?<=[?&#]){PARAMETER}=([\w.-]*)", re.ASCII)
# The properties in which SDKs keep the address of a page.
_ADDRESSES = ("url", "search", "referrer")


def recognised(event: Event, message: SdkMessage, request: Request) -> Iterator[Event]:
    """An event that names the device together with the recipient of the e-mail, if the message has its token.

    It says nothing else: the message's own words stay those of a stranger. A message that names an account or another
    address is no proof: its visitor is somebody, whose e-mail this may not have been.
    """
    device = next((name for name in event.identifiers if namespace(name) == "anonymous_id"), None)
    token = _token(message)
    if event.trust != "public" or device is None or not token or message.user_id:
        return
    address = open_token(filter(None, request.visit_keys()), token, request.received)
    if address is None or any(claim != address for claim in event.claims):
        return
    yield replace(
        event,
        name="Visitor Recognised",
        identifiers=(address, device),
        properties={},
        traits={},
        consent=None,
        natural=f"visit:{hashlib.sha256(f'{token}|{device}'.encode()).hexdigest()[:24]}",
        revision=0,
        trust="token",
        claims=(),
    )


def without_token(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The properties without the token in the page's address: whoever reads events must not become the recipient."""
    cleaned = {
        name: _IN_ADDRESS.sub("", value) for name in _ADDRESSES if isinstance(value := properties.get(name), str)
    }
    return {name: value for name, value in {**properties, **cleaned}.items() if name != PARAMETER}


def _token(message: SdkMessage) -> str:
    """The token that the page hands on, or that stands in its address as SDKs tell it by themselves."""
    places = (message.traits, message.context_traits, message.context, message.properties)
    handed = (place.get(PARAMETER) for place in places)
    page = message.context.get("page")
    told = (page.get(name) for name in ("url", "search")) if isinstance(page, dict) else ()
    found = (match[1] for each in told if isinstance(each, str) and (match := _IN_ADDRESS.search(each)))
    return next((each for each in (*handed, *found) if isinstance(each, str) and each), "")
