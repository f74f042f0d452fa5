"""The double opt-in: for whom a link in an e-mail says yes, and the row of the ledger that keeps it to one a day.

A token begins with ``c1.``; only ``sealed.py`` makes and opens it. Times are seconds UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from functions.core.base.identity import identifier, namespace
from functions.core.messages import sealed

KEY = sealed.KEY
PURPOSE = sealed.Purpose("c1", "confirmation-link")
DAY = 86_400
# How long a link is good, from the yes that asked for it.
LIFE = 7 * DAY
# No flow has this id, and causes of flows have two underscores at least.
CAMPAIGN = "optin"


@dataclass(frozen=True, slots=True)
class Claims:
    """What a link says of its holder.

    address  where the e-mail went (``email:…``)
    device   whose visitor said yes (``anonymous_id:…``); empty if the yes named none
    asked    when that yes was received
    expires  from when on the link is good no more
    """

    address: str
    device: str
    asked: int
    expires: int


def seal(secret: str, claims: Claims) -> str:
    """The token for these claims; the same claims give the same token."""
    return sealed.seal(secret, PURPOSE, [claims.address, claims.device, claims.asked, claims.expires])


def open_token(secrets: Iterable[str], token: str) -> Claims | None:
    """The claims of a token made with one of the secrets, expired or not; None for any other."""
    values = sealed.opened(secrets, PURPOSE, token)
    return Claims(*values) if _is_whole(values) else None


def _is_whole(values: Any) -> bool:
    if not isinstance(values, list) or [type(each) for each in values] != [str, str, int, int]:
        return False
    space, _, address = values[0].partition(":")
    return space == "email" and identifier(space, address) == values[0] and namespace(values[1]) in ("", "anonymous_id")


def cause_of(asked: int) -> str:
    """The cause, in the ledger, of the one e-mail of the day (UTC) of this instant."""
    return f"{CAMPAIGN}_{datetime.fromtimestamp(asked, UTC):%Y%m%d}"


def is_cause(cause: str) -> bool:
    """True for the cause of an e-mail that asks for a confirmation."""
    return cause.startswith(f"{CAMPAIGN}_") and cause.count("_") == 1
