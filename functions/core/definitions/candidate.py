"""A definition to be published, among the definitions that will be current with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from functions.core.base.errors import Fault
from functions.core.definitions import examples
from functions.core.definitions.document import Document
from functions.core.definitions.records import Address, Body, Definition
from functions.core.scores.link import link
from functions.core.segments.language.check import reached
from functions.core.segments.language.named import Groups, resolve


@dataclass(frozen=True)
class Candidate:
    """A definition whose body is right by itself.

    current  the current definitions, perhaps with the version that it replaces
    others   the bodies of the other current definitions
    there    all bodies that will be current, together with those that they define, such as tiers of scores
    """

    kind: str
    body: Body
    document: Document
    current: Sequence[Definition]
    others: Mapping[Address, Body]
    there: Mapping[Address, Body]

    @property
    def id(self) -> str:
        """The definition's id."""
        return str(self.body["id"])

    def of_kind(self, kind: str) -> dict[str, Body]:
        """The bodies of one kind that will be current, by id."""
        return {name: body for (of, name), body in self.there.items() if of == kind}

    @cached_property
    def groups(self) -> Groups:
        """The bodies of the named events."""
        return self.of_kind("events")

    @cached_property
    def conditions(self) -> Mapping[str, Mapping[str, Any]]:
        """The conditions of all segments, with the scores and named events that they use linked in."""
        scores = {name: resolve(body, self.groups) for name, body in self.of_kind("scores").items()}
        segments = self.of_kind("segments")
        return {name: link(resolve(body["when"], self.groups), scores) for name, body in segments.items()}

    def reached(self, segment: str) -> set[str]:
        """The segments that a segment refers to, directly or indirectly."""
        return reached(segment, self.conditions)

    def behind(self, segment: str) -> list[Mapping[str, Any]]:
        """The condition of a segment and those of all that it refers to."""
        return [self.conditions[each] for each in (segment, *self.reached(segment))]

    def failing(self, segment: str, body: Body) -> list[Fault]:
        """The faults of a segment's examples that would fail."""
        return examples.run({**body, "when": self.conditions[segment]}, self.conditions)

    def broken(self, other: str, message: str, where: str, suggestion: str | None = None) -> Fault:
        """The fault at a place in the text that another definition, by its kind's noun and its id, would break."""
        return self.document.place(Fault(f"this would break {other}{message}", where, suggestion=suggestion))

    def other_segments(self) -> Iterator[tuple[str, Body]]:
        """Yield the other current segments in order of id."""
        yield from sorted((name, body) for (kind, name), body in self.others.items() if kind == "segments")
