"""Tell the shop's page in which segments its visitor is: what is stored of them, as it stands at this second.

What identifies a device is no proof of a person. So a page that names the device alone is told of segments which the
shop has opened to that (``audience: visitor``); of the others that are open (``audience: person``) only a page that
hands on the shop server's signature of the user id.
"""

from typing import NamedTuple

from functions.core.answers.audience import Audience, audience, open_segments
from functions.core.base.errors import BadCredential, Fault, Malformed
from functions.core.base.identity import NAME_BYTES, identifier
from functions.sources import segment
from functions.sources.user_hash import is_signed
from functions.usecases.context import Context
from functions.usecases.rate_limits import limit, limit_address
from functions.usecases.stored_profiles import read
from functions.usecases.write_key import knows_key


class Asked(NamedTuple):
    """A question of a page: the write key or the header that holds it, who the visitor is, and where it comes from."""

    write_key: str | None = None
    authorization: str = ""
    anonymous_id: str | None = None
    user_id: str | None = None
    user_hash: str | None = None
    address: str = ""


def memberships(context: Context, asked: Asked) -> Audience:
    """What the page may know of its visitor at ``now``; of nobody whom we know the same as of whoever is in nothing.

    Raises BadCredential, Malformed or TooMany.
    """
    _check_key(context, asked)
    limit_address(context, asked.address)
    name = _name(context, asked)
    if name is None:
        return Audience()
    limit(context, [name], context.settings.visitor_requests_per_minute)
    return _of(context, name, is_person=asked.user_id is not None)


def _of(context: Context, name: str, *, is_person: bool) -> Audience:
    """The memberships of whoever has the identifier now; one read unless profiles were merged."""
    stored = read(context, [name], with_attributes=False)
    profile = stored.profile_of(name)
    # A device that everybody uses is nobody's; who is held has no state.
    if profile is None or name in stored.public() or not stored.state_of(profile).version:
        return Audience()
    ruleset = context.ruleset
    segments = open_segments(ruleset.segments, is_person=is_person)
    return audience(ruleset.state(stored.state_of(profile)), ruleset.catalogue, segments, context.now)


def _check_key(context: Context, asked: Asked) -> None:
    """Raise BadCredential unless the public write key is given; it is read again before one is refused."""
    key = segment.basic_key(asked.authorization) or asked.write_key
    if not key:
        how = "no write key: send it as the user name of Basic authorisation or as writeKey in the query"
        raise BadCredential(Fault(how, "writeKey"))
    if not knows_key(context, key):
        raise BadCredential(Fault("not the public write key of this shop", "writeKey"))


def _name(context: Context, asked: Asked) -> str | None:
    """The identifier of whom the page asks about; None for what names nobody (``undefined`` and similar)."""
    if asked.user_id is None:
        return _identifier("anonymous_id", asked.anonymous_id, "anonymousId")
    if not _is_proven(context, asked.user_id, asked.user_hash or ""):
        how = "userId needs the signature that the shop's server makes of it with the identity key"
        raise BadCredential(Fault(how, "user_hash"))
    return _identifier("user_id", asked.user_id, "userId")


def _identifier(namespace: str, value: str | None, where: str) -> str | None:
    if value is None:
        raise Malformed(Fault("missing: whose memberships?", where))
    name = identifier(namespace, value)
    if name and len(name.encode()) > NAME_BYTES:
        raise Malformed(Fault(f"more than {NAME_BYTES} bytes", where))
    return name


def _is_proven(context: Context, user: str, written: str) -> bool:
    name, secrets = segment.SOURCE.identity_secret, context.ports.secrets
    return is_signed(user, written, secrets.get(name)) or is_signed(user, written, secrets.refresh(name))
