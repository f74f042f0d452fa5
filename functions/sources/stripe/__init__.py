"""Stripe's webhooks: signed with the time, one event each, delivered at least once and in any order."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any, Final

from functions.core.base.errors import BadSignature
from functions.core.base.translation import Request, Translation
from functions.sources.base import Source
from functions.sources.secrecy import is_one_of

HEADER: Final = "stripe-signature"
# How old a signature may be, as in Stripe's own libraries. A delivery that is tried again is signed anew.
TOLERANCE_SECONDS: Final = 300
_LONGEST_TIME = 12


def verify(request: Request, secrets: Sequence[str]) -> None:
    """Compare each signature of the header with that of every accepted secret in constant time; raises BadSignature.

    The header has several signatures while the secret is rolled at Stripe. It is signed when it was made, so that a
    body cannot be sent again later.
    """
    fields = [_field(item) for item in request.headers.get(HEADER, "").split(",")]
    made = next((value for name, value in fields if name == "t"), "")
    if not (made.isascii() and made.isdecimal() and len(made) <= _LONGEST_TIME):
        raise BadSignature
    signed = made.encode() + b"." + request.body
    right = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets if secret]
    # Summed, not any(), which would stop at the first that is right.
    matching = sum(is_one_of(value, right) for name, value in fields if name == "v1")
    if not matching or int(made) < request.received - TOLERANCE_SECONDS:
        raise BadSignature


def _field(item: str) -> tuple[str, str]:
    """Name and value of ``name=value``."""
    name, _, value = item.partition("=")
    return name.strip(), value.strip()


def emit(request: Request, body: Any) -> Translation:
    """Translate the event by its type."""
    # The models are loaded by the first webhook, so that a function that takes other sources' does without them.
    from functions.sources.stripe.types import translate

    return translate(request, body)


SOURCE = Source(
    name="stripe",
    label="Stripe",
    secret="stripe",
    verify=verify,
    emit=emit,
    limit=1_000_000,
    namespaces=("email", "user_id", "stripe", "stripe_payment"),
    hook=True,
    reader="functions.sources.stripe.types",
)
