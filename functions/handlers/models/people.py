"""Answers about people: attributes, events, memberships and their explanations."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from functions.core.base import errors
from functions.handlers.models.base import (
    NEXT,
    NEXT_QUERY,
    Answer,
    Instant,
    JsonObject,
    Parameters,
    Seconds,
    WholeUpTo,
    left_out,
)

MOST_EVENTS = 10_000


class IdentifierQuery(Parameters):
    """The identifier to look for."""

    faults: ClassVar[Mapping[str, errors.Fault]] = {
        "identifier": errors.Fault("missing", suggestion="?identifier=email:ann@example.org"),
    }

    identifier: str = Field(description="namespace:value, such as email:ann@example.org")


class EventsQuery(Parameters):
    """How many events to list."""

    limit: Annotated[int, WholeUpTo(MOST_EVENTS)] = Field(1000, description="at most so many; an answer holds 5 MB")
    next: str | None = NEXT_QUERY


class PageQuery(Parameters):
    """Which page of a person's messages or runs."""

    limit: Annotated[int, WholeUpTo(MOST_EVENTS)] = Field(1000, description="at most so many; an answer holds 5 MB")
    next: str | None = NEXT_QUERY


class InstantQuery(Parameters):
    """The instant to evaluate at."""

    at: Seconds | None = Field(None, description="as of this instant (RFC 3339) instead of now")
    next: str | None = NEXT_QUERY


class LookedAt(Answer):
    """How many of a person's identifiers of one namespace are looked at in the log: the newest."""

    looked_at: int
    of: int


LOOKED_AT = Field(
    description="by namespace, of how many identifiers the log was read, where it was not read of all; the answer may "
    "lack what happened under the others alone. Empty if nothing was left out"
)


class Membership(Answer):
    """A segment that the person is in."""

    id: str
    since: Instant | None
    until: Instant | None = Field(
        description="the earliest instant at which time alone may end it; null when only an event can"
    )


class Score(Answer):
    """The person's points in one score."""

    value: float | int
    tier: str | None = Field(description="the tier that the points lie in, if any")
    until: Instant | None = Field(description="until when the points stay if nothing happens; null for ever")


Consented = Literal["subscribed", "pending", "unsubscribed"]


class Statements(Answer):
    """When each answer about marketing was last given under one identifier; null if it was not."""

    subscribed: Instant | None
    pending: Instant | None
    unsubscribed: Instant | None
    undated: bool = Field(description="a yes was reported without its time: it takes back no other answer")
    refused: Instant | None = Field(
        description="the last no of somebody trusted; while it stands, nobody's yes has the address asked to confirm it"
    )


class Consent(Answer):
    """The person's answer about marketing e-mail, and whether an address is suppressed."""

    marketing: Literal["subscribed", "pending", "unsubscribed", "none"]
    identifiers: dict[str, Consented]
    statements: dict[str, Statements] = Field(description="what the answers follow from; see docs/consent.md")
    suppressed: Literal["bounce", "complaint"] | None


class Bound(Answer):
    """A limit that something of the person was left out at."""

    limit: str = Field(description="traits, trait_bytes, identifiers, visited, namings, consent … (docs/security.md)")
    most: int = Field(description="how much the limit lets through, in its unit")
    unit: str
    left_out: int = Field(
        description="how many names of traits, identifiers, addresses or profiles are left out; of timelines how many "
        "are at the limit"
    )
    rest: str = Field(description="what becomes of them")


_BOUNDS = Field(description="the limits that something of the person was left out at; as a rule none")


class Profile(Answer):
    """A person as of now."""

    id: str
    identifiers: list[str]
    traits: JsonObject
    segments: list[Membership]
    scores: dict[str, Score]
    consent: Consent
    bounds: list[Bound] = _BOUNDS
    first_seen: Instant | None
    looked_at: dict[str, LookedAt] = LOOKED_AT


class Event(Answer):
    """An event of the log."""

    id: str
    name: str
    time: Instant
    received: Instant
    source: str
    identifiers: list[str]
    properties: JsonObject = Field(description="amounts are in the minor unit of the event's currency")
    traits: JsonObject
    consent: str | None
    suppression: str | None


class Events(Answer):
    """The answer to a request for their data."""

    count: int = Field(description="all that the log holds")
    events: list[Event]
    next: str | None = NEXT


class Run(Answer):
    """A person's way through a flow."""

    profile: str
    flow: str
    entry: str
    since: Instant
    started: Instant
    step: str | None = Field(description="the id of the next step; null past the last")
    version: int | None = left_out(
        "the version of the flow that it goes on under; null for a run of before it was kept"
    )
    due: Instant | None
    paused: bool = Field(
        description="its step fell due while the flow was paused; it goes on when the flow is active again"
    )
    outcome: str | None


class Runs(Answer):
    """Newest first."""

    runs: list[Run]
    next: str | None = NEXT


class Edit(Answer):
    """A publication that moved somebody."""

    kind: str = Field(description="segments, scores, or borders (of the RFM groups)")
    id: str
    version: int


class Stay(Answer):
    """A stay in a segment."""

    entered: Instant | None
    left: Instant | None
    cause: str | None = Field(
        description='the event that made it, "time", or "definition": the publication of another version'
    )
    left_by: str | None = Field(description="the same of leaving")
    version: int = Field(description="the segment's version in force when it was entered")
    left_version: int | None = Field(description="the version in force when it was left")
    edits: list[Edit] = Field(description='the definitions whose publication made it, where the cause is "definition"')
    left_edits: list[Edit] = Field(description="the same of leaving")


class Explanation(Answer):
    """Whether the person is in the segment, the conditions that decide it, and every stay."""

    holds: bool
    until: Instant | None
    since: Instant | None = Field(description="when the present stay began; null for who is not in")
    version: int = Field(
        description="the version in force at the instant, by which holds, until and tree are told; a tier's is its "
        "score's"
    )
    tree: JsonObject = Field(description="the condition with the verdict of every part")
    history: list[Stay] = Field(
        description="every stay, oldest first, each under the versions in force at the time; what was before the "
        "first version is told by the first. As many as one answer holds"
    )
    next: str | None = NEXT
    bounds: list[Bound] = _BOUNDS
    looked_at: dict[str, LookedAt] = LOOKED_AT
