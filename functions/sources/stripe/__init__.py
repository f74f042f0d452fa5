"""Stripe's webhooks: signed with the time, one event each, delivered at least once and in any order."""

from collections.abc import Sequence
from typing import Any, Final

from functions.core.base.translation import Request, Translation
from functions.sources.base import Source
from functions.sources.timestamped import check_timestamped

HEADER: Final = "stripe-signature"
# How old a signature may be, as in Stripe's own libraries. A delivery that is tried again is signed anew.
TOLERANCE_SECONDS: Final = 300


def verify(request: Request, secrets: Sequence[str]) -> None:
    """Compare each signature of the header with that of every accepted secret; raises BadSignature."""
    check_timestamped(request.headers.get(HEADER, ""), request, secrets, TOLERANCE_SECONDS)


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
