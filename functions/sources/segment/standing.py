"""Whom a message names, and what of that its sender has proved.

A public message names its device. Accounts and addresses in it are claims: of an account it makes a visitor, who is the
account's person only once a trusted event has named the device together with the account. What everybody can use is
proof of nothing, so it needs a secret: the server key, the shop server's signature of the user id, or the token of a
cart, a checkout or an order that a storefront names too.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from functions.core.base.translation import Request
from functions.core.base.trust import Trust, is_trusted
from functions.sources.event_parts import names, order_id, visitor_names
from functions.sources.fields import text
from functions.sources.segment.models import Alias, SdkMessage
from functions.sources.user_hash import is_signed

# Where SDKs put the shop server's signature of the user id. Intercom's place and name are widely used:
# https://developers.intercom.com/installing-intercom/web/identity-verification
USER_HASH = "user_hash"
_TOKENS = {
    "cart_token": "shopify_cart",
    "cart_id": "shopify_cart",
    "checkout_token": "shopify_checkout",
    "checkout_id": "shopify_checkout",
}
# Long enough that nobody guesses it. Shopify's tokens of carts and checkouts have 32 characters and more.
_SECRET = re.compile(r"[\w.:-]{20,255}", re.ASCII)
# Shopify's ids of orders have 13 digits and are shown to the buyer; the numbers that follow each other are shorter.
_ORDER = re.compile(r"[0-9]{12,20}", re.ASCII)


class Standing(NamedTuple):
    """The identifiers of a message that count, those that are claims, and the trust of its sender."""

    identifiers: tuple[str, ...]
    claims: tuple[str, ...]
    trust: Trust


def standing(message: SdkMessage, request: Request) -> Standing:
    """Whom the message names; no identifiers if every one of them names nobody (``undefined`` and similar)."""
    # What an alias comes from is a device: joined as an account, it would make one person of two accounts.
    previous = message.previous_id if isinstance(message, Alias) else None
    devices = names(("anonymous_id", message.anonymous_id), ("anonymous_id", previous))
    account, address = names(("user_id", message.user_id)), names(("email", message.email))
    named = (*account, *devices, *address)
    if not named:
        return Standing((), (), request.trust)
    orders = names(*_orders(message.properties))
    if is_trusted(request.trust):
        return Standing((*named, *orders), (), request.trust)
    if account and _is_signed(message, request):
        return Standing((*account, *devices, *orders), address, "token")
    claims = (*account, *address)
    return Standing((*visitor_names(devices, account, claims), *orders), claims, "public")


def _orders(properties: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The cart, checkout and order that the message names by a value that only their buyer and the shop know."""
    for name, namespace in _TOKENS.items():
        # Newer carts have a key after a question mark.
        token = (text(properties.get(name)) or "").partition("?")[0]
        if _SECRET.fullmatch(token):
            yield namespace, token
    order = order_id(text(properties.get("order_id")) or "")
    if _ORDER.fullmatch(order):
        yield "shopify_order", order


def _is_signed(message: SdkMessage, request: Request) -> bool:
    """True if the message has the HMAC-SHA256 of its user id in hex, made with the identity key."""
    written = next(filter(None, (text(value) for value in _hashes(message))), None)
    return written is not None and is_signed(str(message.user_id), written, request.identity_keys())


def _hashes(message: SdkMessage) -> Iterator[Any]:
    yield message.traits.get(USER_HASH)
    yield message.context_traits.get(USER_HASH)
    yield message.context.get(USER_HASH)
    yield from (
        integration.get(USER_HASH) for integration in message.integrations.values() if isinstance(integration, dict)
    )
