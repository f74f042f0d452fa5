"""Tokens of the API: which are taken back."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, WithJsonSchema

from functions.core.base import rfc3339
from functions.core.base.errors import Fault
from functions.handlers.models.base import Answer, Instant, Parameters, refusing


def _until(written: Any) -> int | None:
    return None if written == "now" else rfc3339.parse(written, "issued_until")


# Seconds UTC; None is now.
Until = Annotated[
    int | None,
    refusing(_until),
    WithJsonSchema({"anyOf": [{"type": "string", "format": "date-time"}, {"const": "now"}]}),
]


class IssuedQuery(Parameters):
    """Which tokens are taken back."""

    faults: ClassVar[Mapping[str, Fault]] = {
        "issued_until": Fault("missing", suggestion="?issued_until=now"),
    }

    issued_until: Until = Field(description="up to this instant (RFC 3339), which has come; or `now`")


class Revoked(Answer):
    """The token was taken back: it opens nothing any more."""

    id: str


class RevokedIssued(Answer):
    """Every token that was issued up to this instant was taken back."""

    issued_until: Instant
