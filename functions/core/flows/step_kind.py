"""The record of a kind of step: its text, schema, sentence, references, and what happens when it is due."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from functions.core.segments.language.event_labels import Style
from functions.core.segments.operator import Node
from functions.core.timelines.spec import TimelineSpec

Content = Mapping[str, Any]


class Moment(NamedTuple):
    """The circumstances in which a step is executed.

    due    the instant at which it was due (seconds UTC)
    now    the present instant (seconds UTC)
    holds  evaluates a condition for the person now
    """

    due: int
    now: int
    holds: Callable[[Node], bool]


class Next(NamedTuple):
    """The run continues with the next step, which is due at ``due`` (seconds UTC); at once if None."""

    due: int | None = None


class End(NamedTuple):
    """The run ends with this outcome."""

    outcome: str


class Send(NamedTuple):
    """The template is to be sent; the result of sending decides how the run continues."""

    template: str


Move = Next | End | Send


def _no_specs(content: Content) -> tuple[TimelineSpec, ...]:
    return ()


def _no_needs(content: Content) -> Iterable[tuple[str, str]]:
    return ()


def _no_name(content: Content) -> str | None:
    return None


@dataclass(frozen=True)
class StepKind:
    """One kind of step.

    key       its key in a flow's text, and the ``do`` of its JSON
    place     its position among the kinds in lists
    example   a step of the kind, as text
    value     returns the annotated type of the model field for the value beside the key, which defines validation and
              JSON Schema; a function, since it imports pydantic and the parser, which only readers of texts need
    content   validated value -> what is stored beside ``do``
    sentence  content -> English, to follow "then"
    advance   content, moment -> how the run continues when the step is due
    specs     content -> the timelines that it reads
    needs     content -> the definitions that it refers to, as (kind, id)
    name      content -> the name by which a step stays the same wherever it is moved in the flow; None for a step that
              is recognised by its neighbours
    twice     the message if two steps have the same name, to follow "step 2"
    acts      True if it reaches the person: it checks the goal itself, just before, and does nothing while the flow is
              paused
    """

    key: str
    place: int
    example: str
    value: Callable[[], Any]
    content: Callable[[Any], dict[str, Any]]
    sentence: Callable[[Content, Style], str]
    advance: Callable[[Content, Moment], Move]
    specs: Callable[[Content], tuple[TimelineSpec, ...]] = _no_specs
    needs: Callable[[Content], Iterable[tuple[str, str]]] = _no_needs
    name: Callable[[Content], str | None] = _no_name
    twice: str = ""
    acts: bool = False
