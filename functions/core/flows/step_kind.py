"""What a kind of step is: one record that knows its text, schema, sentence, needs, and what it does when it is due."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from functions.core.segments.language.event_labels import Style
from functions.core.segments.operator import Node
from functions.core.timelines.spec import TimelineSpec

Content = Mapping[str, Any]


class Moment(NamedTuple):
    """When a step is taken: its instant and now (seconds UTC), and whether a condition holds for the person now."""

    due: int
    now: int
    holds: Callable[[Node], bool]


class Next(NamedTuple):
    """The run goes on with the next step, which is due at the instant; None for at once."""

    due: int | None = None


class End(NamedTuple):
    """The run ends, and how."""

    outcome: str


class Send(NamedTuple):
    """The template is to be sent; what becomes of it decides how the run goes on."""

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
    place     where it stands among the others in lists
    example   a step of the kind, as text
    value     the type of the value beside the key, as a field of a model has it: what is checked, and what the JSON
              Schema says; a function, since it brings pydantic and the parser, and only what reads texts calls it
    content   the value, read -> what is stored beside ``do``
    sentence  content -> English, to follow "then"
    advance   what happens at a moment at which the step is due
    specs     the timelines that it reads
    needs     the definitions that it refers to, each with its kind
    name      what makes two steps of the kind the same wherever they stand; None for what stands between the same ones
    twice     what is wrong with two of them, to follow "step 2"
    acts      whether it reaches somebody: it looks at the goal itself, just before, and does nothing while the flow is
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
