"""wait: the run continues after a span of time, counted from the instant at which the step was due."""

from typing import Any

from functions.core.base import spans
from functions.core.flows.step_kind import Content, Moment, Next, StepKind


def _value() -> Any:
    from functions.core.segments.language.span_field import Span

    return Span


def _advance(content: Content, moment: Moment) -> Next:
    return Next(moment.due + int(content["span"]))


STEP = StepKind(
    key="wait",
    place=1,
    example="wait: 1 hour",
    value=_value,
    content=lambda span: {"span": span},
    sentence=lambda content, style: f"wait {spans.text(content['span'])}",
    advance=_advance,
)
