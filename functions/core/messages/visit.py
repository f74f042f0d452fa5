"""The token in a link of an e-mail by which the shop's page recognises its visitor as the e-mail's recipient.

Whoever has the link has the token, so it proves less than a button that is pressed: it says who visits, and nothing
else. Its secret is not that of the links by which recipients answer, since the function that reads it takes everybody's
requests. Times are seconds UTC.
"""

from collections.abc import Iterable

from functions.core.base.identity import identifier
from functions.core.messages import sealed

# The secret's name in the topology, and what carries the token in a link and in a message of an SDK.
KEY = "visit-key"
PARAMETER = "segue_token"
PURPOSE = sealed.Purpose("v1", "visit-link")
# How long a link tells who visits, from when the e-mail was composed.
LIFE = 7 * 86_400


def seal(secret: str, address: str, now: int) -> str:
    """The token for the recipient (an address, without ``email:``) of an e-mail that is composed now."""
    return sealed.seal(secret, PURPOSE, [address, now + LIFE])


def open_token(secrets: Iterable[str], token: str, now: int) -> str | None:
    """The recipient (``email:…``) of a token made with one of the secrets; None for any other, and for an old one."""
    values = sealed.opened(secrets, PURPOSE, token)
    if not isinstance(values, list) or [type(each) for each in values] != [str, int] or now >= values[1]:
        return None
    return identifier("email", values[0])
