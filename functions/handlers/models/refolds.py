"""Folding from the log again: who, or what, and how much was queued for it."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, WithJsonSchema

from functions.core.base import errors, rfc3339
from functions.handlers.models.base import DATE_TIME, Answer, Body, refusing


def _since(written: Any) -> int:
    return rfc3339.parse(written, "since")


class Refold(Body):
    """What is to be folded from the log again: one of the three."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {
        "identifiers": errors.Fault("not a list of 1 to 100 identifiers", suggestion="email:ann@example.org"),
        "parked": errors.Fault("not true", suggestion="leave it out"),
    }

    identifiers: list[str] | None = Field(
        None, min_length=1, max_length=100, description="the people who have these identifiers, with all their events"
    )
    since: Annotated[int, refusing(_since), WithJsonSchema(DATE_TIME)] | None = Field(
        None, description="everything that was received since this instant; reads the whole log"
    )
    parked: bool = Field(False, description="what was parked, since it could not be folded when it came")


class Refolding(Answer):
    """What was queued; it is done within minutes, or hours where the whole log is read."""

    queued: int = Field(description="people, parked events, or lanes of the log")
    more: bool = Field(description="true if more may be parked: ask again")
