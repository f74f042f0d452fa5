"""Unsubscribe links: an encrypted token holds the recipient, so that links need no table and reveal no address.

A token is ``u2.`` and the claims encrypted with AES-SIV (RFC 5297). The encryption is deterministic, so a retried
message has the same link. Earlier messages have ``u1.`` tokens, whose claims are readable and signed; they are still
accepted.
"""

import base64
import hashlib
import hmac
import json
from binascii import Error as NotBase64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

# The secret's name in the topology.
KEY = "link-key"
LONGEST = 2_000
_VERSION, _SIGNED = "u2", "u1"


@dataclass(frozen=True, slots=True)
class Claims:
    """The recipient of a link, and the cause of the message that contained it."""

    profile: str
    address: str
    cause: str


def seal(secret: str, claims: Claims) -> str:
    """The token for these claims; the same claims give the same token."""
    payload = json.dumps([claims.profile, claims.address, claims.cause], separators=(",", ":"), ensure_ascii=False)
    return f"{_VERSION}.{_encode(_cipher(secret).encrypt(payload.encode(), [_VERSION.encode()]))}"


def open_token(secrets: Iterable[str], token: str) -> Claims | None:
    """The claims of a token made with one of the secrets; None for any other."""
    if len(token) > LONGEST or not token.isascii():
        return None
    version, _, body = token.partition(".")
    try:
        if version == _VERSION:
            return _opened(secrets, _decode(body))
        return _verified(secrets, token) if version == _SIGNED else None
    except NotBase64:
        return None


def _opened(secrets: Iterable[str], body: bytes) -> Claims | None:
    from cryptography.exceptions import InvalidTag

    for secret in secrets:
        try:
            return _claims(_cipher(secret).decrypt(body, [_VERSION.encode()]))
        except (InvalidTag, ValueError):
            continue
    return None


def _verified(secrets: Iterable[str], token: str) -> Claims | None:
    body, _, mac = token.rpartition(".")
    # Every secret is tried, so that the time taken says nothing about which one it was.
    genuine = [hmac.compare_digest(_encode(_mac(secret, body)), mac) for secret in secrets]
    return _claims(_decode(body.partition(".")[2])) if any(genuine) else None


def mask(address: str) -> str:
    """The address in a form that only its owner recognises: ``a•••@e•••.org``."""
    local, _, domain = address.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{(name or ending)[:1]}•••{dot}{ending if name else ''}"


def _mac(secret: str, body: str) -> bytes:
    # The prefix keeps a signature made for another purpose with the same key from being valid here.
    return hmac.new(secret.encode(), f"unsubscribe:{body}".encode(), hashlib.sha256).digest()


def _cipher(secret: str) -> "AESSIV":
    """AES-256 in SIV mode; the prefix keeps the key from being used for another purpose of the same secret."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(hashlib.sha512(f"unsubscribe-link:{secret}".encode()).digest())


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    """The bytes; raises NotBase64 for anything that ``_encode`` does not write."""
    value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _encode(value) != text:
        raise NotBase64("bits that say nothing")
    return value


def _claims(payload: bytes) -> Claims | None:
    values = json.loads(payload)
    if isinstance(values, list) and len(values) == 3 and all(isinstance(value, str) for value in values):
        return Claims(*values)
    return None
