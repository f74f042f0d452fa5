"""What is asked about everybody: conditions, compiled, and what is counted of each person.

A question holds all that it is answered by, so that an answer that takes a while is that of the definitions for which
it was asked.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from functions.core.segments.engine import Catalogue, compile_catalogue
from functions.usecases.context import Context
from functions.usecases.run_tallies import ImpactTally, RunsTally
from functions.usecases.scan import PROFILES, RUNS, Page, Standing, read
from functions.usecases.tallies import MovesTally, PeopleTally, SegmentsTally, Tally

# The kinds of questions that are about flow runs.
FLOW_IMPACT, IMPACT_WITH_RUNS = "flow-impact", "impact-with-runs"
# By kind: what is counted.
TALLIES: Mapping[str, type[Tally]] = {
    "members": PeopleTally,
    "export": PeopleTally,
    "preview": PeopleTally,
    "counts": SegmentsTally,
    "impact": MovesTally,
    "impact-together": MovesTally,
    FLOW_IMPACT: RunsTally,
    IMPACT_WITH_RUNS: ImpactTally,
}

Node = Mapping[str, Any]
Nodes = Mapping[str, Node]


@dataclass(frozen=True)
class Question:
    """A question of one kind for the instant ``at`` (seconds UTC).

    conditions  for each ruleset that is compared, every condition that is needed, by name
    names       of the conditions that are asked about
    told        what the answer says beside what is counted, a JSON object
    """

    kind: str
    at: int
    conditions: Sequence[Nodes]
    names: Sequence[str]
    told: Mapping[str, Any]

    @cached_property
    def catalogues(self) -> Sequence[Catalogue]:
        """The conditions, compiled."""
        return [compile_catalogue(nodes) for nodes in self.conditions]

    def tally(self) -> Tally:
        """An empty tally."""
        return TALLIES[self.kind]()

    @property
    def reads(self) -> Sequence[str]:
        """What is read for it, one after the other: flow runs last."""
        if self.kind == FLOW_IMPACT:
            return (RUNS,)
        if self.kind == IMPACT_WITH_RUNS:
            return (PROFILES, RUNS) if self.names else (RUNS,)
        return (PROFILES,)

    def count(self, page: Page, tally: Any) -> list[str]:
        """Count what is on the page; return the ids of those who are asked for."""
        return page.count(self, tally)

    def stored(self) -> Any:
        """The question as a JSON value, without kind and instant."""
        return {"conditions": self.conditions, "names": self.names, "told": self.told}

    def digest(self, *, at: int | None) -> str:
        """A hash that two questions share only if they ask the same; of an instant too, if one was named."""
        text = json.dumps([self.kind, at, self.stored()], default=str, sort_keys=True)
        return sha256(text.encode()).hexdigest()[:32]


def from_stored(kind: str, at: int, stored: Any) -> Question:
    """The question of a JSON value."""
    return Question(kind, at, stored["conditions"], stored["names"], stored["told"])


class Moment:
    """What was counted of everybody within a request, and the ids of those who are asked for."""

    def __init__(self, tally: Any, people: list[str]) -> None:
        self.tally = tally
        self.people = people


# Rows that a page of the scan reads, about as many as fit the megabyte of one call: half of them are profiles.
PAGE = 1_000
# Pages of profiles, and of flow runs, that a request reads itself.
MOMENT = 2


def in_a_moment(context: Context, question: Question) -> Moment | None:
    """Count everybody if they are so few that a request may; None if they are more, or it takes too long."""
    moment = Moment(question.tally(), [])
    if all(_counted(context, question, Standing(reads), moment) for reads in question.reads):
        moment.people.sort()
        return moment
    return None


def _counted(context: Context, question: Question, at: Standing, moment: Moment) -> bool:
    """Count all that is read there; False if it is more than a request may read."""
    for _ in range(MOMENT):
        page, following = read(context, at, PAGE)
        moment.people += question.count(page, moment.tally)
        if following is None:
            return True
        if context.late():
            break
        at = at._replace(place=following)
    return False
