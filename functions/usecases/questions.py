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
from functions.usecases.scan_page import ScanPage
from functions.usecases.tallies import TALLIES, Tally

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

    def count(self, page: ScanPage, tally: Tally) -> list[str]:
        """Count everybody on the page; return the ids of those who are asked for."""
        views = [page.states(catalogue, self.at) for catalogue in self.catalogues]
        return [
            profile for profile in page.profiles if tally.add(self, profile, [view[profile] for view in views], self.at)
        ]

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
# Pages that a request reads itself.
MOMENT = 2


def in_a_moment(context: Context, question: Question) -> Moment | None:
    """Count everybody if they are so few that a request may; None if they are more, or it takes too long."""
    tally, people = question.tally(), list[str]()
    pages = context.ports.people.pages(size=PAGE)
    for _, (stored_states, following) in zip(range(MOMENT), pages, strict=False):
        people += question.count(ScanPage(context, stored_states), tally)
        if following is None:
            return Moment(tally, sorted(people))
        if context.late():
            break
    return None
