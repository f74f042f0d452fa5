"""What an operator is: one record that knows its grammar, JSON, sentence, faults, timelines and verdict."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from functions.core.base.instants import Instant
from functions.core.base.spans import UNITS
from functions.core.timelines.entry import Entry
from functions.core.timelines.sealing import Bucket
from functions.core.timelines.spec import TimelineSpec

Node = Mapping[str, Any]

SPANS = UNITS

# Ten years: nothing is remembered for longer.
LONGEST = 3653 * 86_400


class View(Protocol):
    """A profile at one instant, as conditions see it."""

    now: int

    @property
    def cap(self) -> int:
        """How many single entries a timeline holds for what asks for all."""

    @property
    def profile(self) -> str:
        """The profile's id."""

    def entries(self, timeline: str) -> tuple[Entry, ...]:
        """The timeline's entries up to now, oldest first."""

    def sealed(self, timeline: str) -> tuple[Bucket, ...]:
        """The days and months up to now of which only count, sum and extremes are kept, oldest first."""

    def forgotten(self, timeline: str) -> int | None:
        """Up to which instant days and months of the timeline began that may be forgotten; None if none is."""

    def segment(self, segment: str) -> Instant:
        """The verdict of another segment."""


Verdict = Callable[[View], Instant]


class Condition(NamedTuple):
    """A compiled node: the timelines it reads, its verdict, the segments it refers to, and what it is made of."""

    specs: tuple[TimelineSpec, ...]
    verdict: Verdict
    segments: tuple[str, ...] = ()
    parts: tuple["Condition", ...] = ()

    @property
    def leaves(self) -> Iterator["Condition"]:
        """The conditions in it that are not made of others."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves


class Doubled(Exception):
    """A clause is said twice; carries its key and the part that says it again."""

    def __init__(self, key: str, part: Mapping[str, Any]) -> None:
        super().__init__(key)
        self.key = key
        self.part = part


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The clauses of a condition as one mapping; raises Doubled."""
    whole: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            if key in whole:
                raise Doubled(key, part)
            whole[key] = value
    return whole


Rules = Mapping[str, Callable[[Sequence[Any]], dict[str, Any]]]


class Problem(NamedTuple):
    """Something wrong with one field of one node."""

    node: Node
    field: str
    message: str
    suggestion: str | None = None


FieldCheck = Callable[[Any], Iterator[tuple[str, str | None]]]


class Field(NamedTuple):
    """A key of a node's JSON: what its values must be, as a check that yields (message, suggestion).

    ``schema`` is the JSON Schema of the values, where the check is none of those in ``fields``. ``looks_back`` says
    that the value is a span, or begins with one, over which events must be known.
    """

    check: FieldCheck
    required: bool = False
    schema: Mapping[str, Any] | None = None
    looks_back: bool = False


def _nothing(node: Node) -> Iterable[Problem]:
    return ()


def _no_negation(node: Node) -> str:
    return ""


def _no_facts(node: Node, view: View) -> Mapping[str, Any]:
    return {}


def _of(node: Node) -> Mapping[str, Node]:
    """The nodes in ``of``: a list of them, one, or none."""
    inner = node.get("of", [])
    return {f"of[{place}]": each for place, each in enumerate(inner)} if isinstance(inner, list) else {"of": inner}


@dataclass(frozen=True)
class Operator:
    """One operator of the language.

    key       the ``op`` of its JSON
    title     its heading in the guide
    meaning   what it means, for the guide
    examples  canonical texts
    grammar   lark rules; alphabetic strings in double quotes are keywords
    leaves    the rules that make a condition
    terminals what the grammar's own terminals stand for, to be suggested where one was expected
    rules     rule name -> JSON of the node, from the parts in the order of the text
    text      JSON -> canonical text
    sentence  JSON -> English, to follow "somebody who"
    negation  JSON -> English of who does not; nothing for "are not among those who …"
    fields    the keys of its JSON besides ``op``
    check     faults that no single field shows
    compile   JSON -> condition; ``children`` are compiled already
    explain   facts for people: counts, times
    children  the nodes inside the node, compiled before it
    inside    the nodes as they are written inside it, by their path
    """

    key: str
    title: str
    meaning: str
    examples: tuple[str, ...]
    grammar: str
    leaves: tuple[str, ...]
    rules: Rules
    text: Callable[[Node], str]
    sentence: Callable[[Node], str]
    fields: Mapping[str, Field]
    compile: Callable[[Node, Sequence[Condition]], Condition]
    check: Callable[[Node], Iterable[Problem]] = _nothing
    explain: Callable[[Node, View], Mapping[str, Any]] = _no_facts
    negation: Callable[[Node], str] = _no_negation
    children: Callable[[Node], Sequence[Node]] = field(default=lambda node: ())
    inside: Callable[[Node], Mapping[str, Node]] = _of
    terminals: Mapping[str, Sequence[str]] = field(default_factory=dict)


def seconds(span: str) -> int:
    """How long "48 hours" is."""
    count, _, unit = span.partition(" ")
    return int(count) * SPANS[unit.removesuffix("s")]


def optional_seconds(span: str | None) -> int | None:
    """How long the span is, None for none."""
    return None if span is None else seconds(span)
