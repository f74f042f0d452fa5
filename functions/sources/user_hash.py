"""The shop server's signature of a user id, which proves that a page shows the shop to that user."""

import hashlib
import hmac
from collections.abc import Iterable

from functions.sources.secrecy import is_one_of


def is_signed(user: str, written: str, keys: Iterable[str]) -> bool:
    """True if the text is the HMAC-SHA256 of the user id in hex, made with one of the identity keys."""
    signed, accepted = user.encode("utf-8", "replace"), filter(None, keys)
    return is_one_of(written.lower(), (hmac.new(key.encode(), signed, hashlib.sha256).hexdigest() for key in accepted))
