"""Segments: what they mean, who is in them, and what an edit would change."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from functions.core.base import errors
from functions.handlers.models.base import (
    NEXT,
    NEXT_QUERY,
    Answer,
    Backfilled,
    Body,
    Flag,
    Parameters,
    Seconds,
    WholeUpTo,
    left_out,
)
from functions.handlers.models.faults import Fault

MOST_PEOPLE = 100_000
_BOUNDED = (
    "what the count may leave out, for people with more events than are remembered one by one; only if there are any"
)


class SegmentsQuery(Parameters):
    """What is listed of each segment."""

    count: Flag = Field(False, description="count the members too")
    next: str | None = NEXT_QUERY


class MembersQuery(Parameters):
    """Which page of the members, as of when."""

    at: Seconds | None = Field(None, description="as of this instant (RFC 3339) instead of now")
    limit: Annotated[int, WholeUpTo(MOST_PEOPLE)] = Field(10_000, description="at most so many")
    next: str | None = Field(None, description="the place that the page before named")


class ImpactQuery(Parameters):
    """What would become of those whom the new version brings in."""

    backfilled: Backfilled = Field("silent", description="as for publishing: which of the two to tell of")


class Condition(Body):
    """A condition that is not saved."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {"when": errors.Fault("missing or not text")}

    when: str = Field(description="a condition as segments write it")
    at: Seconds | None = None


class Export(Body):
    """What an export tells of each person beside the id."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {
        "format": errors.Fault("neither csv nor ndjson", suggestion="csv"),
        "traits": errors.Fault("not a list of at most 100 names"),
        "traits.*": errors.Fault("not a name of a trait"),
        "addresses": errors.Fault("neither true nor false"),
    }

    format: Literal["csv", "ndjson"] = "csv"
    traits: list[Annotated[str, Field(min_length=1, max_length=512)]] = Field(
        default_factory=list, max_length=100, description="the names of the traits whose values are told"
    )
    addresses: bool = Field(
        False, description="the address that messages go to, what was said about marketing, and why nothing is sent"
    )
    at: Seconds | None = Field(None, description="who was in at this instant (RFC 3339) instead of now")


class Segment(Answer):
    """A segment, or a tier of a score."""

    id: str
    name: str
    sentence: str
    version: int
    count: int = left_out("with ?count=true only")
    bounded: list[str] = left_out(_BOUNDED)


class Segments(Answer):
    """In order of id."""

    next: str | None = NEXT

    segments: list[Segment]


class Members(Answer):
    """The ids of the profiles that are in, in order."""

    count: int = Field(description="everybody who is in")
    members: list[str]
    next: str | None = Field(description="hand it back as ?next= for the following page; null on the last")
    bounded: list[str] = left_out(_BOUNDED)


class Impact(Answer):
    """What publishing the text would change; nothing is saved."""

    enter: int = Field(ge=0)
    leave: int = Field(ge=0)
    stay: int = Field(ge=0)
    entering: list[str] = Field(max_length=20)
    leaving: list[str] = Field(max_length=20)
    messages: int = Field(ge=0, description="at most, if everybody who enters is written to")
    backfilled: Backfilled = Field(description="whether they are: as it was asked")
    text: str = Field(description="the same in words")
    warnings: list[Fault] = left_out("what a publication would warn of; left out where there is nothing")


class Preview(Answer):
    """For how many people the condition holds; nothing is saved."""

    count: int
    sample: list[str]
    sentence: str
    warnings: list[Fault] = Field(
        description="names that nobody knows, groups that cannot be told, and what the count may leave out for "
        "people with very many events"
    )
