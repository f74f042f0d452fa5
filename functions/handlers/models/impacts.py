"""What publishing several definitions together would change."""

from pydantic import Field

from functions.handlers.models.base import NEXT, NEXT_QUERY, Answer
from functions.handlers.models.flows import FlowImpact
from functions.handlers.models.segments import Impact, ImpactQuery


class ImpactTogetherQuery(ImpactQuery):
    """Which page of the impact of several texts, and what would become of those whom they bring in."""

    next: str | None = NEXT_QUERY


class SegmentImpact(Impact):
    """What would become of the members of one segment."""

    id: str


class ImpactOfFlow(FlowImpact):
    """What would become of the runs of one flow."""

    id: str


class ImpactTogether(Answer):
    """What publishing the texts together would change; nothing is saved. Flows are told first, then segments."""

    segments: list[SegmentImpact] = Field(
        description="those among the texts, and every other that they would change by what it refers to; by id"
    )
    flows: list[ImpactOfFlow] = Field(description="those among the texts; by id")
    next: str | None = NEXT
