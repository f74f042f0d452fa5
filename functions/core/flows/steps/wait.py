"""wait: the run goes on after a span of time, counted from when the step was due."""

from typing import Any

from functions.core.base import spans
from functions.core.base.errors import Refused
from functions.core.flows.step_kind import Content, Moment, Next, StepKind, Text
from functions.core.segments.language.schema import span_text


def _read(text: Text) -> dict[str, Any]:
    try:
        return {"span": spans.parse(text.given, text.where)}
    except Refused as refused:
        text.faults.extend(refused.faults)
        return {"span": 0}


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
