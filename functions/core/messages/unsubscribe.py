"""Unsubscribe links: whom they are for is in the token, signed, so that links need no table."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 2_000
_VERSION = "u1"


@dataclass(frozen=True, slots=True)
class Claims:
    """Whom a link is for, and the message that carried it."""

    profile: str
    address: str
    cause: str


def sign(secret: str, claims: Claims) -> str:
    """The token of these claims; the same claims give the same token."""
    payload = json.dumps([claims.profile, claims.address, claims.cause], separators=(",", ":"), ensure_ascii=False)
    body = f"{_VERSION}.{_encode(payload.encode())}"
    return f"{body}.{_encode(_mac(secret, body))}"


def verify(secrets: Iterable[str], token: str) -> Claims | None:
    """The claims if one of the secrets signed them."""
    body, _, mac = token.rpartition(".")
    version, _, payload = body.partition(".")
    if version != _VERSION or len(token) > LONGEST or not token.isascii():
        return None
    # Every secret is tried, so that the time taken says nothing about which one it was.
    genuine = [hmac.compare_digest(_encode(_mac(secret, body)), mac) for secret in secrets]
    return _claims(payload) if any(genuine) else None


def mask(address: str) -> str:
    """The address as its owner recognises it and nobody else can write to it: ``a•••@e•••.org``."""
    local, _, domain = address.rpartition("@")
    name, dot, ending = domain.rpartition(".")
    return f"{local[:1]}•••@{(name or ending)[:1]}•••{dot}{ending if name else ''}"


def _mac(secret: str, body: str) -> bytes:
    # The prefix keeps a signature made for another purpose with the same key from being valid here.
    return hmac.new(secret.encode(), f"unsubscribe:{body}".encode(), hashlib.sha256).digest()


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _claims(payload: str) -> Claims | None:
    values = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if isinstance(values, list) and len(values) == 3 and all(isinstance(value, str) for value in values):
        return Claims(*values)
    return None
