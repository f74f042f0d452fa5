"""check: the run continues if a condition holds for the person when the step is due, and ends otherwise."""

from collections.abc import Iterator
from typing import Any

from functions.core.flows.step_kind import Content, End, Moment, Move, Next, StepKind
from functions.core.segments.engine import timelines
from functions.core.segments.language.check import references
from functions.core.segments.language.describe import people
from functions.core.segments.language.event_labels import Style


def _value() -> Any:
    from functions.core.segments.language.condition_field import Condition

    return Condition


def _advance(content: Content, moment: Moment) -> Move:
    return Next() if moment.holds(content["when"]) else End("check failed")


def _sentence(content: Content, style: Style) -> str:
    text = people(content["when"], style)
    return f"go on with {text[0].lower()}{text[1:]}"


def _needs(content: Content) -> Iterator[tuple[str, str]]:
    yield from (("segments", name) for name in references(content["when"]))


STEP = StepKind(
    key="check",
    place=2,
    example='check: in segment "subscribers"',
    value=_value,
    content=lambda condition: {"when": condition},
    sentence=_sentence,
    advance=_advance,
    specs=lambda content: timelines(content["when"]),
    needs=_needs,
)
