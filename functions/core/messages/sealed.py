"""Sealed values: what a link in an e-mail carries, encrypted, so that links need no table and reveal nothing.

A token is the name of its purpose and the values as JSON, encrypted with AES-SIV (RFC 5297). The encryption is
deterministic, so the same values give the same token. The purpose is part of the key and is authenticated: a token of
one purpose is none of another.
"""

import base64
import hashlib
import json
from binascii import Error as NotBase64
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

# The name of the secret in the topology; each purpose has a key of its own, which is derived from it.
KEY = "link-key"
# Characters of a token; a longer one is not decrypted.
LONGEST = 2_000


class Purpose(NamedTuple):
    """What tokens are for: ``version`` is what they begin with, ``name`` what their key is derived with."""

    version: str
    name: str


def seal(secret: str, purpose: Purpose, values: Sequence[str | int]) -> str:
    """The token for these values; the same values give the same token."""
    payload = json.dumps(list(values), separators=(",", ":"), ensure_ascii=False).encode()
    return f"{purpose.version}.{encode(_cipher(secret, purpose).encrypt(payload, [purpose.version.encode()]))}"


def opened(secrets: Iterable[str], purpose: Purpose, token: str) -> Any:
    """The values of a token that was sealed for the purpose with one of the secrets; None for any other."""
    from cryptography.exceptions import InvalidTag

    version, _, body = token.partition(".")
    if version != purpose.version or len(token) > LONGEST or not token.isascii():
        return None
    try:
        sealed = decode(body)
    except NotBase64:
        return None
    for secret in secrets:
        try:
            return json.loads(_cipher(secret, purpose).decrypt(sealed, [version.encode()]))
        except (InvalidTag, ValueError):
            continue
    return None


def _cipher(secret: str, purpose: Purpose) -> "AESSIV":
    """AES-256 in SIV mode; the prefix keeps the key from being used for another purpose of the same secret."""
    from cryptography.hazmat.primitives.ciphers.aead import AESSIV

    return AESSIV(hashlib.sha512(f"{purpose.name}:{secret}".encode()).digest())


def encode(value: bytes) -> str:
    """The bytes in the alphabet of base64 that is fit for a path, without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    """The bytes; raises NotBase64 (``binascii.Error``) for anything that ``encode`` does not write."""
    value = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if encode(value) != text:
        raise NotBase64("bits that say nothing")
    return value
