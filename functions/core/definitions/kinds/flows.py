"""flows: what follows an event, or a change of a segment."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from functions.core.definitions.kind import KindRecord, Part
from functions.core.definitions.records import Body
from functions.core.flows import needs, sentence
from functions.core.flows.step_ids import identified
from functions.core.scores.link import needed
from functions.core.segments.language import describe
from functions.core.segments.language.named import mentioned

if TYPE_CHECKING:
    from functions.core.base.model import Whole


def _model() -> "type[Whole]":
    from functions.core.definitions.flow import Flow

    return Flow


def _references(body: Body) -> dict[str, set[str]]:
    return {**needs.references(body), "scores": needed(body["steps"]), "events": mentioned(body)}


def _parts(body: Body) -> Iterator[Part]:
    yield from (Part(key, body[key]) for key in ("start", "goal"))
    yield from (Part(f"steps[{index}].{step['do']}", step) for index, step in enumerate(body["steps"]))


KIND = KindRecord(
    one="flow",
    model=_model,
    references=_references,
    parts=_parts,
    conditions=lambda body: [describe.text(step["when"]) for step in body["steps"] if "when" in step],
    completed=identified,
    sentence=sentence.sentence,
)
