"""Signatures that are made with the time, as Stripe's are: ``t=1795288320,v1=<hex>,v1=<hex>``."""

import hashlib
import hmac
from collections.abc import Iterable

from functions.core.base.errors import BadSignature
from functions.core.base.translation import Request
from functions.sources.secrecy import is_one_of

_LONGEST_TIME = 12


def check_timestamped(sent: str, request: Request, keys: Iterable[str], tolerance: int) -> None:
    """Compare each signature that was ``sent`` with that of every key in constant time; raises BadSignature.

    There are several while a secret is rolled. They are signed with the time, so that a body cannot be sent again
    ``tolerance`` seconds later.
    """
    fields = [_field(item) for item in sent.split(",")]
    made = next((value for name, value in fields if name == "t"), "")
    if not is_time(made):
        raise BadSignature
    signed = made.encode() + b"." + request.body
    right = [hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in keys if key]
    # Summed, not any(), which would stop at the first that is right.
    matching = sum(is_one_of(value, right) for name, value in fields if name == "v1")
    if not matching or int(made) < request.received - tolerance:
        raise BadSignature


def is_time(text: str) -> bool:
    """True if the text is a number of seconds."""
    return text.isascii() and text.isdecimal() and len(text) <= _LONGEST_TIME


def _field(item: str) -> tuple[str, str]:
    """Name and value of ``name=value``."""
    name, _, value = item.partition("=")
    return name.strip(), value.strip()
