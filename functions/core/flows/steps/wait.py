"""wait: the run goes on after a span of time, counted from when the step was due."""

from typing import Any

from functions.core.base import spans
from functions.core.flows.step_kind import Content, Moment, Next, StepKind, Text
from functions.core.segments.language.schema import span_text


def _read(text: Text) -> dict[str, Any]:
    return {"span": spans.read(text.given, text.where, text.faults)}


def _advance(content: Content, moment: Moment) -> Next:
    return Next(moment.due + int(content["span"]))


STEP = StepKind(
    key="wait",
    place=1,
    example="wait: 1 hour",
    schema=span_text,
    read=_read,
    sentence=lambda content, style: f"wait {spans.text(content['span'])}",
    advance=_advance,
)
