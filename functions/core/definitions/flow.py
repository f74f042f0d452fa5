"""The text format of a flow, and the checked body that is executed.

id: cart-recovery
name: Cart recovery
start:                      # an event …
  event: [Checkout Started, Product Added]
  by: cart_id               # one run for each value; further events with the value restart the first wait
# start: {segment: lapsed}  # … or a segment: entered (or `on: leave`)
reentry: once per 30 days   # or `once`, or `every time` (the default)
goal: bought                # stops the run: named events, or the names of events, a list of them or one
state: active               # or paused: nothing starts or is sent; or draining: nothing starts, runs finish
when paused: wait           # or end: what the runs under way do
move: true                  # runs under way continue with this version, else with the one that they began with
steps:
  - wait: 1 hour
  - check: in segment "subscribers"
  - send: cart-recovery-1
    id: reminder            # the step's id; generated if it is left out
"""

import re
from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    field_validator,
)

from functions.core.base import spans
from functions.core.base.errors import Fault, Refused
from functions.core.base.model import DefinitionModel, Id, Strict, Whole, Words
from functions.core.base.model_faults import Parsed, Says, kept, lines, refuse, refused, tag, unknown
from functions.core.definitions.loading import load
from functions.core.flows.flow import FlowState, WhenPaused
from functions.core.flows.step_models import Step, late, repeated, sound
from functions.core.segments.language.condition_field import Reading
from functions.core.segments.language.event_fields import Events
from functions.core.segments.language.event_labels import SHIPPED, Labels
from functions.core.segments.language.schema import SHORT_SPAN

MOST_STEPS = 50
STATES: tuple[str, ...] = get_args(FlowState)
_PERIOD = re.compile(r"once (per|every|each|in) (.+)")
_REENTRY = "every time, once, or once per a span of time"


class EventStart(DefinitionModel):
    """The flow starts with an event, once for each value of a property."""

    what: ClassVar[str] = "a start with an event"

    event: Events
    by: Annotated[str | None, Field(description="one run for each value of this property")] = None

    def body(self) -> dict[str, Any]:
        """The start as it is stored."""
        return {"events": self.event, **({"by": self.by} if self.by is not None else {})}


def _enter_or_leave(value: Any) -> str:
    return "leave" if str(value).lower().startswith(("l", "exit")) else "enter"


class SegmentStart(DefinitionModel):
    """The flow starts when somebody enters or leaves a segment."""

    what: ClassVar[str] = "a start with a segment"

    segment: Id
    on: Annotated[Literal["enter", "leave"], Says("a flow starts when somebody enters or leaves", _enter_or_leave)] = (
        "enter"
    )

    def body(self) -> dict[str, Any]:
        """The start as it is stored."""
        return {"segment": self.segment, "on": self.on}


_START_KEYS = ("event", "by", "segment", "on")


def _one_start(value: Any) -> Any:
    """The start; refused unless it has exactly one of ``event`` and ``segment``."""
    mapping = value if isinstance(value, dict) else {}
    if ("event" in mapping) == ("segment" in mapping):
        both = "event" in mapping
        message = f"a flow starts with an event or with a segment{', not with both' if both else ''}"
        strange = [unknown(key, "a start", _START_KEYS) for key in mapping if key not in _START_KEYS]
        refuse(*strange, Fault(message, suggestion=None if both else "event: Order Completed"), value=value)
    return value


Start = Annotated[
    Annotated[EventStart, Tag(tag("event"))] | Annotated[SegmentStart, Tag(tag("segment"))],
    Discriminator(lambda start: tag("event" if "event" in start else "segment")),
    BeforeValidator(_one_start),
    Says("a flow starts with an event or with a segment", "event: Order Completed"),
]


def _reentry(value: Any) -> str | int:
    """``every time``, ``once``, or the period in seconds; raises Refused with every fault."""
    if value in ("every time", "once"):
        return str(value)
    faults: list[Fault] = []
    period = _PERIOD.fullmatch(value.strip()) if isinstance(value, str) else None
    if period:
        seconds = spans.read(period[2], "", faults)
        faults = [replace(each, suggestion=f"once per {each.suggestion}") for each in faults]
        if period[1] == "per" and not faults:
            return seconds
        if period[1] == "per" or faults:
            raise Refused(*faults)
    hint = f"once per {period[2]}" if period else "once" if value == "never" else "once per 30 days"
    raise Refused(Fault(_REENTRY, suggestion=hint))


Reentry = Annotated[
    str | int,
    Parsed(_reentry),
    WithJsonSchema(
        {"anyOf": [{"enum": ["every time", "once"]}, {"type": "string", "pattern": rf"^\s*once per \s*{SHORT_SPAN}$"}]}
    ),
]


class Flow(Whole):
    """What follows an event, or a change of a segment."""

    model_config = ConfigDict(title="Segue flow")
    what: ClassVar[str] = "a flow"

    id: Id
    name: Words | None = None
    start: Start
    reentry: Reentry | None = None
    goal: Annotated[Events | None, Field(description="the events that stop a run")] = None
    steps: Annotated[
        list[Step],
        Field(min_length=1, max_length=MOST_STEPS),
        Says(f"a list of 1 to {MOST_STEPS} steps", "- wait: 1 hour"),
    ]
    state: Annotated[FlowState | None, Field(description="draining only finishes, paused sends nothing")] = None
    when_paused: Annotated[WhenPaused | None, Field(alias="when paused", description="what the runs under way do")] = (
        None
    )
    move: Annotated[bool | None, Field(description="whether runs under way go on under this version")] = None
    strict: Strict = None

    @field_validator("steps", mode="wrap")
    @classmethod
    def _as_a_whole(
        cls, value: Any, handler: ValidatorFunctionWrapHandler, info: ValidationInfo[Reading | None]
    ) -> list[dict[str, Any]]:
        """Validate the steps one by one and together, reporting the faults of both."""
        try:
            steps, errors = handler(value), []
        except ValidationError as error:
            steps, errors = sound(value, info.context), kept(error)
        days, start = (info.context or Reading()).retention_days, info.data.get("start")
        too_late = late(steps, days) if days is not None and isinstance(start, EventStart) else ()
        if errors := [*errors, *lines(*repeated(steps), *too_late)]:
            raise refused(errors)
        return list(steps)

    def body(self) -> dict[str, Any]:
        """The body as it is stored; optional keys that earlier releases did not write are left out unless set."""
        return {
            "id": self.id,
            "name": self.name or self.id,
            "start": self.start.body(),
            "reentry": self.reentry or "every time",
            "goal": self.goal or [],
            "steps": self.steps,
            "state": self.state or STATES[0],
            "when paused": self.when_paused or "wait",
            **({"move": True} if self.move else {}),
            **({"strict": self.strict} if self.strict is not None else {}),
        }


def load_flow(text: str, retention_days: int | None = None, words: Labels = SHIPPED) -> dict[str, Any]:
    """The body of a flow; raises DefinitionRefused with every fault and its position.

    With ``retention_days``, the log's retention, conditions that look back further are faults. ``words`` are the event
    labels that checks may use.
    """
    return load(Flow, text, Reading(retention_days, words))
