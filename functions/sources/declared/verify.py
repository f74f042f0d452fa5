"""Proofs of senders that the shop declares, by the scheme that its definition names."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from functions.core.base import json_text
from functions.core.base.errors import BadSignature, Malformed
from functions.core.base.translation import Request
from functions.core.mappings.signature import BASIC, HMAC, STANDARD, TIMESTAMPED, TOKEN, TOLERANCE
from functions.sources.secrecy import is_one_of
from functions.sources.timestamped import check_timestamped, is_time

# Of Standard Webhooks: https://www.standardwebhooks.com
ID: Final = "webhook-id"
_TIME, _SIGNATURES, _VERSION, _PREFIX = "webhook-timestamp", "webhook-signature", "v1,", "whsec_"
# Characters of a secret; a shorter one can be guessed, and counts as none.
SHORTEST = 12


def secrets_of(name: str, values: Sequence[str]) -> tuple[str, ...]:
    """The secrets of a source in the values of the secret of all, each a JSON object.

    A row is a secret or a list of them, of which all are accepted while one is replaced.
    """
    found = [each for value in values for each in _rows(value).get(name, ())]
    return tuple(dict.fromkeys(each for each in found if len(each) >= SHORTEST))


def verify(name: str, signature: Mapping[str, Any], request: Request, values: Sequence[str]) -> None:
    """Raise BadSignature unless one of the source's secrets made the request."""
    _CHECKS[signature["scheme"]](signature, request, secrets_of(name, values))


@lru_cache(maxsize=4)
def _rows(value: str) -> Mapping[str, tuple[str, ...]]:
    """The secrets by source; none in a value that is no JSON object, as the one that a deployment generates."""
    try:
        content = json_text.read(value)
    except Malformed:
        return {}
    rows = content.items() if isinstance(content, dict) else ()
    return {name: tuple(_texts(row)) for name, row in rows}


def _texts(row: Any) -> Iterator[str]:
    yield from (each for each in (row if isinstance(row, list) else [row]) if isinstance(each, str))


def _hmac(signature: Mapping[str, Any], request: Request, secrets: Sequence[str]) -> None:
    sent = _after_prefix(signature, request)
    digests = [hmac.new(each.encode(), request.body, hashlib.sha256).digest() for each in secrets]
    if signature.get("encoding") == "base64":
        _must_be_one_of(sent, (base64.b64encode(each).decode() for each in digests))
    else:
        _must_be_one_of(sent.lower(), (each.hex() for each in digests))


def _standard(signature: Mapping[str, Any], request: Request, secrets: Sequence[str]) -> None:
    """Signed are the delivery's id, the time and the body; a signature is too old or too new to be sent again."""
    delivery, made = (request.headers.get(name, "") for name in (ID, _TIME))
    if not delivery or not is_time(made) or abs(int(made) - request.received) > _tolerance(signature):
        raise BadSignature
    signed = f"{delivery}.{made}.".encode("utf-8", "replace") + request.body
    digests = (hmac.new(key, signed, hashlib.sha256).digest() for each in secrets for key in _keys(each))
    right = [base64.b64encode(each).decode() for each in digests]
    sent = request.headers.get(_SIGNATURES, "").split()
    # Summed, not any(), which would stop at the first that is right.
    if not sum(is_one_of(each.removeprefix(_VERSION), right) for each in sent if each.startswith(_VERSION)):
        raise BadSignature


def _keys(secret: str) -> Iterator[bytes]:
    """The keys that a secret may stand for: what its Base64 says, as in the standard, and its own bytes.

    Whoever has one of them has the secret, so accepting both gives nothing away.
    """
    plain = secret.removeprefix(_PREFIX)
    yield plain.encode()
    try:
        decoded = base64.b64decode(plain, validate=True)
    except (binascii.Error, ValueError):
        return
    if len(decoded) >= SHORTEST // 2:
        yield decoded


def _timestamped(signature: Mapping[str, Any], request: Request, secrets: Sequence[str]) -> None:
    check_timestamped(_header(signature, request), request, secrets, _tolerance(signature))


def _token(signature: Mapping[str, Any], request: Request, secrets: Sequence[str]) -> None:
    _must_be_one_of(_after_prefix(signature, request), secrets)


def _basic(_signature: Mapping[str, Any], request: Request, secrets: Sequence[str]) -> None:
    """The secret is user and password with a colon between."""
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise BadSignature
    _must_be_one_of(sent.strip(), (base64.b64encode(each.encode()).decode() for each in secrets))


def _header(signature: Mapping[str, Any], request: Request) -> str:
    return request.headers.get(signature["header"].lower(), "").strip()


def _after_prefix(signature: Mapping[str, Any], request: Request) -> str:
    sent, prefix = _header(signature, request), signature.get("prefix", "")
    if not sent.startswith(prefix):
        raise BadSignature
    return sent.removeprefix(prefix).strip()


def _tolerance(signature: Mapping[str, Any]) -> int:
    return int(signature.get("tolerance", TOLERANCE))


def _must_be_one_of(sent: str, right: Sequence[str] | Iterator[str]) -> None:
    if not is_one_of(sent, right):
        raise BadSignature


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], Request, Sequence[str]], None]] = {
    HMAC: _hmac,
    STANDARD: _standard,
    TIMESTAMPED: _timestamped,
    TOKEN: _token,
    BASIC: _basic,
}
