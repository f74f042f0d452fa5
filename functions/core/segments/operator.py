"""The Operator record: one language operator's grammar, JSON fields, texts, checks, timelines and verdict."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

from functions.core.base.instants import Instant
from functions.core.base.spans import UNITS
from functions.core.timelines.entry import Entry
from functions.core.timelines.sealing import Bucket, Grain
from functions.core.timelines.spec import TimelineSpec

Node = Mapping[str, Any]

SPANS = UNITS

Result = TypeVar("Result")

# Ten years in seconds, the longest span.
LONGEST = 3653 * 86_400


class View(Protocol):
    """A profile at one instant, as conditions read it."""

    now: int

    @property
    def cap(self) -> int:
        """The most entries that a timeline keeps one by one for conditions that need all of them."""

    @property
    def grain(self) -> Grain:
        """How long the buckets are in which older entries are added up."""

    @property
    def profile(self) -> str:
        """The profile's id."""

    def entries(self, timeline: str) -> tuple[Entry, ...]:
        """The timeline's entries up to now, oldest first."""

    def sealed(self, timeline: str) -> tuple[Bucket, ...]:
        """The timeline's buckets up to now, oldest first: days and months kept only as count, sum and extremes."""

    def coming(self, specs: Iterable[TimelineSpec]) -> int:
        """When the next event comes that one of the timelines may hold (seconds UTC); FOREVER if none is known.

        Where the events to come are known, as in a replay of the past, verdicts last until then at most, or longer if
        no such event can change them.
        """

    def coming_of(self, spec: TimelineSpec, key_of: Callable[[Entry], Hashable], key: Hashable) -> int:
        """When the next event comes that may change which entries with the key the timeline holds.

        FOREVER if none is known.
        """

    def unbroken(self, specs: Iterable[TimelineSpec], end: int, window: int) -> int:
        """Until when the last ``window`` seconds hold an event of the timelines, if they do until ``end`` at least.

        It is later than ``end`` only where the events to come are known.
        """

    def forgotten(self, timeline: str) -> int | None:
        """The latest possible beginning (seconds UTC) of a bucket that was dropped; None if none can have been."""

    def segment(self, segment: str) -> Instant:
        """The verdict of another segment."""

    def once(self, key: object, compute: Callable[[], Result]) -> Result:
        """What the function returns, computed once for each key, which stands for something the view alone decides."""


Verdict = Callable[[View], Instant]


class Condition(NamedTuple):
    """A compiled node: the timelines it reads, its verdict, the segments it refers to, and its inner conditions.

    ``foresees`` is True if the verdict itself heeds ``View.coming``; other verdicts are taken to last until the next
    event of their timelines.
    """

    specs: tuple[TimelineSpec, ...]
    verdict: Verdict
    segments: tuple[str, ...] = ()
    parts: tuple["Condition", ...] = ()
    foresees: bool = False

    @property
    def leaves(self) -> Iterator["Condition"]:
        """Yield the conditions in it that contain no others."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves


class RepeatedClause(Exception):
    """Raised when a condition has the same clause twice; carries its key and the repeated part."""

    def __init__(self, key: str, part: Mapping[str, Any]) -> None:
        super().__init__(key)
        self.key = key
        self.part = part


def merged(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The clauses of a condition as one mapping; raises Doubled if one is given twice."""
    whole: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            if key in whole:
                raise RepeatedClause(key, part)
            whole[key] = value
    return whole


Rules = Mapping[str, Callable[[Sequence[Any]], dict[str, Any]]]


class Problem(NamedTuple):
    """A fault in one field of one node."""

    node: Node
    field: str
    message: str
    suggestion: str | None = None


Schema = dict[str, Any]
# A message, and what could be written instead.
Complaint = tuple[str, str | None]
FieldCheck = Callable[[Any], Iterator[Complaint]]


class Check(NamedTuple):
    """A check of values that yields a complaint for every fault, together with the JSON Schema of right values."""

    complaints: FieldCheck
    schema: Schema

    def __call__(self, value: Any) -> Iterator[Complaint]:
        """The complaints about a value."""
        return self.complaints(value)


def checks(schema: Schema) -> Callable[[FieldCheck], Check]:
    """Make a function the check of values of this schema; a decorator."""
    return lambda complaints: Check(complaints, schema)


class Field(NamedTuple):
    """A key of a node's JSON, with a check of its values.

    ``looks_back`` is true if the value is a span, or begins with one, over which past events must be known.
    """

    check: Check
    required: bool = False
    looks_back: bool = False


def _nothing(node: Node) -> Iterable[Problem]:
    return ()


def _no_negation(node: Node) -> str:
    return ""


def _no_facts(node: Node, view: View) -> Mapping[str, Any]:
    return {}


def _of(node: Node) -> Mapping[str, Node]:
    """The nodes under the key ``of``, by path: a list of nodes, one node, or none."""
    inner = node.get("of", [])
    return {f"of[{place}]": each for place, each in enumerate(inner)} if isinstance(inner, list) else {"of": inner}


@dataclass(frozen=True)
class Operator:
    """The record of one operator of the language.

    key       the ``op`` of its JSON
    title     its heading in the guide
    meaning   its description in the guide and the JSON Schema
    examples  canonical texts
    grammar   lark rules; alphabetic strings in double quotes are keywords
    leaves    the grammar rules that are complete conditions
    terminals words to suggest for the terminals that the grammar defines, by terminal
    rules     grammar rule -> function from the rule's parts, in the order of the text, to JSON
    text      JSON -> canonical text
    sentence  JSON -> English, to follow "somebody who"
    negation  JSON -> English for not meeting it; empty to use "are not among those who …"
    fields    the keys of its JSON besides ``op``
    check     faults that no single field shows
    compile   JSON -> condition, given the compiled ``children``
    explain   facts for people: counts, times
    children  the nodes that it depends on, compiled before it
    inside    the nodes written inside its JSON, by their path
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
    """The length of a span such as "48 hours", in seconds."""
    count, _, unit = span.partition(" ")
    return int(count) * SPANS[unit.removesuffix("s")]


def optional_seconds(span: str | None) -> int | None:
    """The length of the span in seconds; None for None."""
    return None if span is None else seconds(span)
