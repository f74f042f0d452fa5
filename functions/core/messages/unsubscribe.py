"""Unsubscribe links: a sealed token holds the recipient, so that links need no table and reveal no address.

Tokens begin with ``u2.``, and a retried message has the same link. Earlier messages have ``u1.`` tokens, whose claims
are readable and signed; they are still accepted.
"""

import hashlib
import hmac
import json
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from functions.core.messages import sealed

KEY = sealed.KEY
PURPOSE = sealed.Purpose("u2", "unsubscribe-link")
_SIGNED = "u1"


@dataclass(frozen=True, slots=True)
class Claims:
    """The recipient of a link, and the cause of the message that contained it."""

    profile: str
    address: str
    cause: str


def seal(secret: str, claims: Claims) -> str:
    """The token for these claims; the same claims give the same token."""
    return sealed.seal(secret, PURPOSE, [claims.profile, claims.address, claims.cause])


def open_token(secrets: Iterable[str], token: str) -> Claims | None:
    """The claims of a token made with one of the secrets; None for any other."""
    if token.startswith(f"{_SIGNED}."):
        return _verified(secrets, token)
    return _claims(sealed.opened(secrets, PURPOSE, token))


def _verified(secrets: Iterable[str], token: str) -> Claims | None:
    if len(token) > sealed.LONGEST or not token.isascii():
        return None
    body, _, mac = token.rpartition(".")
    # Every secret is tried, so that the time taken says nothing about which one it was.
    genuine = [hmac.compare_digest(sealed.encode(_mac(secret, body)), mac) for secret in secrets]
    try:
        return _claims(json.loads(sealed.decode(body.partition(".")[2]))) if any(genuine) else None
    except NotBase64:
        return None


def mask(address: str) -> str:
    """The address in a form that only its owner recognises: ``a•••@e•••.org``."""
    local, _, domain = address.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{(name or ending)[:1]}•••{dot}{ending if name else ''}"


def _mac(secret: str, body: str) -> bytes:
    # The prefix keeps a signature made for another purpose with the same key from being valid here.
    return hmac.new(secret.encode(), f"unsubscribe:{body}".encode(), hashlib.sha256).digest()


def _claims(values: Any) -> Claims | None:
    if isinstance(values, list) and len(values) == 3 and all(isinstance(value, str) for value in values):
        return Claims(*values)
    return None
