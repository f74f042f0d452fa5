"""segments: a named condition. It may refer to other segments, to scores and to named events."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from functions.core.base.errors import Fault
from functions.core.definitions.kind import KindRecord, Part
from functions.core.definitions.records import Body
from functions.core.scores.link import needed
from functions.core.segments.language import describe
from functions.core.segments.language.check import references
from functions.core.segments.language.named import mentioned

if TYPE_CHECKING:
    from functions.core.base.model import Whole
    from functions.core.definitions.candidate import Candidate


def _model() -> "type[Whole]":
    from functions.core.definitions.segment import Segment

    return Segment


def _references(body: Body) -> dict[str, set[str]]:
    when = body["when"]
    return {"segments": references(when), "scores": needed(when), "events": mentioned(when)}


def _clashes(candidate: "Candidate") -> Iterator[Fault]:
    """Yield a fault for the id of a tier's segment."""
    from functions.core.scores.link import tier_segments

    if any(candidate.id in tier_segments(score) for score in candidate.of_kind("scores").values()):
        yield candidate.document.place(Fault("a tier of a score is the segment of this id", "id"))


def _check(candidate: "Candidate") -> Iterator[Fault]:
    """Yield the fault of a circle of references; else those of its examples and of segments that refer to it."""
    if circle := _way_back(candidate.id, candidate, set()):
        message = f"this goes round in a circle: {' -> '.join((candidate.id, *circle))}"
        yield candidate.document.mention(circle[0], message)
        return
    yield from map(candidate.document.place, candidate.failing(candidate.id, candidate.body))
    for name, body in candidate.other_segments():
        if candidate.id in candidate.reached(name):
            for fault in candidate.failing(name, body):
                message = f", which is current: {fault.message}"
                yield candidate.broken(f"segment {name!r}", message, "when", f"publish a changed {name!r} first")


def _way_back(start: str, candidate: "Candidate", seen: set[str]) -> list[str]:
    """The references that lead from a segment back to the candidate; empty if none do."""
    for inner in sorted(references(candidate.conditions[start])):
        if inner == candidate.id:
            return [inner]
        if inner in seen:
            continue
        seen.add(inner)
        if rest := _way_back(inner, candidate, seen):
            return [inner, *rest]
    return []


KIND = KindRecord(
    one="segment",
    model=_model,
    references=_references,
    parts=lambda body: [Part("when", body["when"])],
    conditions=lambda body: [describe.text(body["when"])],
    clashes=_clashes,
    check=_check,
    sentence=lambda body, style: describe.people(body["when"], style),
)
