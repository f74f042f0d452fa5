"""Take the answer of whoever holds the link of a double opt-in: a yes that proves the visitor, or a no."""

import hashlib
from typing import Literal

from functions.core.base.errors import Expired, NotFound
from functions.core.base.events import Event, log_key
from functions.core.messages.confirmation import KEY, Claims, open_token
from functions.usecases import link_tokens
from functions.usecases.context import Context

Answer = Literal["confirm", "refuse"]
SOURCE = "confirmation"


def read_token(context: Context, token: str) -> Claims:
    """The claims of a link's token; raises NotFound for one that we did not make, Expired for one that is too old."""
    claims = link_tokens.opened(context, KEY, open_token, token)
    if claims is None:
        raise NotFound
    if context.now >= claims.expires:
        raise Expired
    return claims


def is_used(context: Context, claims: Claims) -> bool:
    """True if the link was answered before."""
    natural = _natural(claims)
    return any(event.natural == natural for event in context.ports.log.read(claims.address, claims.asked))


def answer(context: Context, claims: Claims, given: Answer) -> bool:
    """Append the answer to the log; False, and nothing is appended, if the link was answered before.

    A link says yes or no once, so that whoever repeats it takes back nothing that the person has said since. The yes
    names the address together with the device that asked, which proves the visitor.
    """
    if is_used(context, claims):
        return False
    said_yes = given == "confirm"
    event = Event(
        name="Consent Confirmed" if said_yes else "Consent Refused",
        time=context.now,
        received=context.now,
        identifiers=(claims.address, claims.device) if said_yes and claims.device else (claims.address,),
        sort=log_key(context.now, _digest(claims)),
        source=SOURCE,
        properties={"channel": "email"},
        consent="subscribed" if said_yes else "unsubscribed",
        natural=_natural(claims),
        trust="token",
    )
    return context.ports.log.append([event]) == 1


def _natural(claims: Claims) -> str:
    return f"confirmation:{_digest(claims)}"


def _digest(claims: Claims) -> str:
    return hashlib.sha256(f"{claims.address}|{claims.device}|{claims.asked}".encode()).hexdigest()[:24]
