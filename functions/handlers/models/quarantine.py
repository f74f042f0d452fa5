"""Quarantine: requests that were genuine and not understood."""

from typing import Annotated, Literal

from pydantic import Field

from functions.handlers.models.base import Answer, Instant, Parameters, WholeUpTo


class QuarantineQuery(Parameters):
    """Which requests are listed."""

    source: str | None = Field(None, description="only those of this source, such as shopify")
    limit: Annotated[int, WholeUpTo(1000)] = Field(100, description="at most so many")
    next: str | None = Field(None, description="the place that the page before named")


class PartQuery(Parameters):
    """Which part of a large body."""

    next: Annotated[int, WholeUpTo(999_999_999, least=0)] = Field(0, description="the place that the part before named")


class QuarantineEntry(Answer):
    """A request in quarantine, without its content."""

    source: str
    id: str
    reason: str = Field(description="what was not understood")
    received: Instant
    bytes: int = Field(description="of the body")


class Quarantine(Answer):
    """The requests in quarantine with the reason of each, newest first."""

    items: list[QuarantineEntry]
    next: str | None = Field(description="hand it back as ?next= for the following page; null on the last")


class Quarantined(QuarantineEntry):
    """A request in quarantine with its body as it was received."""

    headers: dict[str, str]
    body: str = Field(description="as it was received, or the part of it from ?next= on")
    next: str | None = Field(description="hand it back as ?next= for the following part; null on the last")


class Replayed(Answer):
    """The result of processing a quarantined request again."""

    replayed: bool
    events: int = Field(ge=0, description="how many it made; none while it is not understood")
    reason: str | None = Field(description="why it still is not understood, and stays; null when it was taken")


class ReplayQuery(Parameters):
    """Which requests are replayed."""

    source: str | None = Field(None, description="only those of this source, such as shopify")
    limit: Annotated[int, WholeUpTo(50)] = Field(20, description="at most so many")
    next: str | None = Field(None, description="the place that the page before named")


class ReplayedOne(Replayed):
    """The result for one request of several."""

    source: str
    id: str


class ReplayedTogether(Answer):
    """The results for a page of requests, newest first."""

    items: list[ReplayedOne]
    next: str | None = Field(description="hand it back as ?next= for the following page; null on the last")


class Dropped(Answer):
    """The request was deleted."""

    source: str
    id: str
    dropped: Literal[True]
