"""Backfills that follow a publication."""

from typing import Annotated, Literal

from pydantic import Field

from functions.handlers.models.base import Answer, Instant, Parameters, WholeUpTo

MOST_PASSES = 50


class BackfillsQuery(Parameters):
    """How many backfills to list."""

    limit: Annotated[int, WholeUpTo(MOST_PASSES)] = Field(5, description="how many")


class Lanes(Answer):
    """The parts of the population that are processed in parallel."""

    done: int = Field(ge=0)
    of: int = Field(ge=1)


class ProfileCount(Answer):
    """How many profiles were processed, of about how many."""

    seen: int = Field(ge=0)
    about: int = Field(ge=0, description="how many there are to see, as counted at most some hours ago")


class Backfill(Answer):
    """One backfill."""

    revision: int = Field(ge=0, description="of the definitions; grows with every publication")
    cause: str = Field(description="the definition that was published")
    state: Literal["waiting", "under way", "finished", "replaced"]
    began: Instant = Field(description="when it was asked for")
    finished: Instant | None
    lanes: Lanes
    profiles: ProfileCount


class Backfills(Answer):
    """The progress of each backfill, newest first."""

    backfills: list[Backfill]
