"""SES's reports on our messages, delivered by SNS and SQS at least once and in any order."""

from collections.abc import Sequence
from typing import Any

from functions.core.base.translation import Request, Translation
from functions.sources.base import Source


def emit(request: Request, body: Any) -> Translation:
    """Translate the event by its type."""
    # The models are loaded by the first event, so that a function that takes other sources' does without them.
    from functions.sources.ses.types import translate

    return translate(request, body)


def verify(_request: Request, _secrets: Sequence[str]) -> None:
    """Accept every request: the topic takes only what SES publishes, and the queue only what the topic delivers."""


SOURCE = Source(
    name="ses",
    label="Amazon SES",
    secret="",
    verify=verify,
    emit=emit,
    limit=1_000_000,
    namespaces=("email",),
    reader="functions.sources.ses.types",
)
