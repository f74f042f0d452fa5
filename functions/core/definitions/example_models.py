"""The form of examples of a segment or score: short histories with the expected result."""

import re
from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Literal, get_args

from pydantic import ConfigDict, Field, WithJsonSchema

from functions.core.base import spans
from functions.core.base.errors import Fault, Refused
from functions.core.base.events import Consent
from functions.core.base.model import DefinitionModel
from functions.core.base.model_faults import Checked, Complaints, Says
from functions.core.base.spelling import nearest
from functions.core.segments.language.schema import SHORT_SPAN

MOST_EXAMPLES = 50
MOST_EVENTS = 200
FURTHEST = 3653 * 86_400
_AGO = re.compile(r"\s*(\d{1,6})\s*(second|minute|hour|day|week)s?\s+ago\s*")


def offset(written: Any) -> int:
    """The seconds of ``-26h`` or ``+30m``; raises Refused for anything else or more than 3653 days."""
    sign, rest = 1, str(written).strip()
    if rest in ("0", "now"):
        return 0
    if rest[:1] in ("-", "+"):
        sign, rest = (-1 if rest[0] == "-" else 1), rest[1:]
    seconds = spans.parse(rest)
    if seconds > FURTHEST:
        raise Refused(Fault("an example reaches at most 3653 days"))
    return sign * seconds


def _offset(written: Any) -> Complaints:
    try:
        offset(written)
    except Refused as refused:
        ago = _AGO.fullmatch(str(written))
        hint = f"-{ago[1]}{ago[2][0]}" if ago else None
        yield from ((fault.message, hint or fault.suggestion) for fault in refused.faults)


Offset = Annotated[
    Any,
    Checked(_offset),
    WithJsonSchema({"anyOf": [{"const": 0}, {"type": "string", "pattern": rf"^\s*(0|now|[+-]?{SHORT_SPAN})$"}]}),
    Field(description="-26h, -1h30m, +10m or now"),
]


class ExampleEvent(DefinitionModel):
    """Something that happened in an example; its other keys are properties of the event.

    Only what is written is kept: the defaults stand for keys that are left out, and say nothing.
    """

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={"anyOf": [{"required": [name]} for name in ("event", "traits", "consent")]},
    )
    shape: ClassVar[Fault] = Fault("an event says when and what: {at: -1h, event: Product Viewed}")

    at: Annotated[Offset, Says("when did it happen?", "at: -1h")]
    event: Annotated[str, Says("an event has a name, or traits, or consent", "event: Order Completed")] = ""
    traits: Annotated[dict[str, Any], Says("traits are names and values")] = Field(default_factory=dict)
    consent: Consent = "subscribed"

    @classmethod
    def across(cls, values: dict[str, Any], context: Any) -> Iterable[Fault]:
        """Yield a fault for an event without a name, traits or consent."""
        if values.get("event", "") == "" and not values.keys() & {"traits", "consent"}:
            yield Fault("an event has a name, or traits, or consent", suggestion="event: Order Completed")


Expected = Literal["in", "out"]


class Example(DefinitionModel):
    """A short history."""

    what: ClassVar[str] = "an example"
    shape: ClassVar[Fault] = Fault("an example has events and what to expect", suggestion="expect: in")

    name: Any = None
    expect: Any
    at: Annotated[Offset, Field(description="evaluate then instead of now")] = 0
    events: Annotated[
        list[ExampleEvent], Field(max_length=MOST_EVENTS), Says(f"a list of at most {MOST_EVENTS} events")
    ] = Field(default_factory=list)


def _expected(value: Any) -> str:
    return nearest(value, get_args(Expected)) or "in"


class SegmentExample(Example):
    """A short history of somebody who is in or out after it."""

    expect: Annotated[Expected, Says("expect is in or out", _expected)]


# For Annotated, with the list of examples.
FEW = (Field(max_length=MOST_EXAMPLES), Says(f"a list of at most {MOST_EXAMPLES} examples"))


def stored(examples: Iterable[Example] | None) -> list[dict[str, Any]]:
    """The examples as written, without defaults."""
    return [each.model_dump(exclude_unset=True) for each in examples or ()]
