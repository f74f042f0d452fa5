"""Record what the recipient of a message chooses about further e-mail, and show what applies now."""

import hashlib
from typing import Literal

from functions.core.base.errors import NotFound
from functions.core.base.events import Consent, Event, log_key
from functions.core.base.identity import identifier
from functions.core.messages.unsubscribe import KEY, Claims, open_token
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes
from functions.usecases import link_tokens
from functions.usecases.context import Context

Choice = Literal["unsubscribe", "subscribe"]
SOURCE = "preferences"
# A statement is in the attributes seconds after it is in the log; a stream keeps what was not folded for a day.
UNFOLDED = 2 * 86_400
_MOST_MERGES = 10


def read_token(context: Context, token: str) -> Claims:
    """The claims of a link's token: profile, cause and address; raises NotFound for one that we did not make."""
    claims = link_tokens.opened(context, KEY, open_token, token)
    if claims is None or identifier("email", claims.address) is None:
        raise NotFound
    return claims


def current_consent(context: Context, claims: Claims) -> Consent | None:
    """The recipient's consent now, including events of the log that are not in the stored attributes yet."""
    return profile_attributes.consent(_current(context, claims))


def change(context: Context, claims: Claims, wish: Choice) -> Consent | None:
    """Append the recipient's choice to the log and return the consent that then applies.

    The same choice made again within a second is the same event.
    """
    attributes = _current(context, claims)
    event = _said(claims, wish, context.now)
    context.ports.log.append([event])
    return profile_attributes.consent(profile_attributes.apply(attributes, [event]))


def _said(claims: Claims, wish: Choice, now: int) -> Event:
    answer: Consent = "unsubscribed" if wish == "unsubscribe" else "subscribed"
    key = hashlib.sha256(f"{claims.profile}|{claims.cause}|{wish}|{now}".encode()).hexdigest()[:24]
    return Event(
        name="Email Unsubscribed" if wish == "unsubscribe" else "Email Resubscribed",
        time=now,
        received=now,
        identifiers=(_address(claims),),
        sort=log_key(now, key),
        source=SOURCE,
        properties={"cause": claims.cause, "flow": claims.cause.partition("_")[0]},
        consent=answer,
        trust="token",
    )


def _current(context: Context, claims: Claims) -> ProfileAttributes:
    attributes = _attributes(context, claims.profile)
    tail = context.ports.log.read(_address(claims), max(context.now - UNFOLDED, 0))
    return profile_attributes.apply(attributes, [event for event in tail if event.consent])


def _attributes(context: Context, profile: str) -> ProfileAttributes:
    """The attributes of the profile, or of the one it was merged into since the link was made."""
    for _ in range(_MOST_MERGES):
        loaded = context.ports.people.load((), (profile,), with_attributes=True, fresh=True)
        stored_state = loaded.states.get(profile)
        if stored_state is None or not stored_state.merged_into:
            return loaded.attributes.get(profile, ProfileAttributes(profile))
        profile = stored_state.merged_into
    return ProfileAttributes(profile)


def _address(claims: Claims) -> str:
    return str(identifier("email", claims.address))
