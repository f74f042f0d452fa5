"""The text format of named events: one id for all events that mean the same to a shop, from whichever channel.

id: bought
name: Bought something
description: On the web, in the app or at the till.    # optional
any of: [Order Completed, Store Purchase]
by: order_id               # optional, with unless or refunds: the property that joins both events
unless: [Order Cancelled]  # an event of the same order takes it back
refunds: [Order Refunded]  # these take it back once their amounts add up to its amount
amount: total              # the property with the amount, in both events; default: total
label: {past: bought, negative: did not buy}           # optional: the verb of sentences
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from functions.core.base.errors import DefinitionRefused, Fault
from functions.core.base.keys import LONGEST_ID, NAMED
from functions.core.base.model import ELSE, DefinitionModel, Strict, Whole, Words
from functions.core.base.model_faults import Checked, Complaints, Says
from functions.core.definitions.loading import load
from functions.core.segments.language import fields, parser

MOST_EVENTS = 50
LONGEST_LABEL = 60
_WORDS = re.compile(r"[a-z][a-z'\-]*(?: [a-z0-9][a-z0-9'\-]*)*")
# Keywords with which a label may not begin.
TAKEN = frozenset({"not", "and", "or", "let", "trait", "whose", "score", "random", "rfm", "first", "last", "where"})


def _id(value: Any) -> Complaints:
    if not isinstance(value, str) or not NAMED.fullmatch(value) or len(value) > LONGEST_ID:
        yield f"an id is lower-case words joined by hyphens, a letter first, at most {LONGEST_ID} characters", None
    elif not _can_be_said(value):
        yield f"{value!r} is a word of the language, so that no condition could name it", "bought"


def _can_be_said(named: str) -> bool:
    """True if the language parses the word as the id of named events."""
    condition = {"op": "last", "events": [{"named": named}], "within": "1 day"}
    try:
        return parser.parse(parser.text(condition)) == condition
    except DefinitionRefused:
        return False


def _event(value: Any) -> Complaints:
    yield from ((f"the name of an event {complaint}", hint) for complaint, hint in fields.text(value))


def _words(value: Any) -> Complaints:
    if not isinstance(value, str) or not _WORDS.fullmatch(value) or len(value) > LONGEST_LABEL:
        lower = value.lower() if isinstance(value, str) else ""
        message = f"a label is lower-case words, such as “did not buy”, of at most {LONGEST_LABEL} characters"
        yield message, lower if _WORDS.fullmatch(lower) else "bought"
    elif value.split()[0] in TAKEN:
        yield f"a label does not begin with {value.split()[0]!r}, which begins a condition of the language", None


def _verbs(value: Any) -> Complaints:
    if not isinstance(value, dict) or not {"past", "negative"} <= value.keys():
        yield "a label says what somebody did and did not", "{past: bought, negative: did not buy}"


_PATTERN = {"pattern": f"^{_WORDS.pattern}$", ELSE: "lower-case words, such as did not buy"}
LabelWords = Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL, json_schema_extra=_PATTERN), Checked(_words)]
ByProperty = Annotated[dict[str, LabelWords], Says("{name} says its words for each property", "{total: spent}")]
Property = Annotated[str, Field(min_length=1, description="a property, such as order_id"), Checked(fields.single_path)]


EventNames = Annotated[
    list[Annotated[str, Field(pattern=r"\S"), Checked(_event)]],
    Field(min_length=1, max_length=MOST_EVENTS, json_schema_extra={"uniqueItems": True}),
    Says(f"'{{name}}' is a list of 1 to {MOST_EVENTS} names of events", "{name}: [Order Completed, Store Purchase]"),
]


class EventLabel(DefinitionModel):
    """The words for the events in sentences; lower-case, since the language has to recognise them."""

    what: ClassVar[str] = "a label"

    past: LabelWords
    negative: LabelWords
    of: LabelWords = ""
    several: LabelWords = ""
    joined: Property = ""
    sum: ByProperty = Field(default_factory=dict)
    start: ByProperty = Field(default_factory=dict)
    end: ByProperty = Field(default_factory=dict)


class EventGroup(Whole):
    """Events that mean the same to a shop, under one id that conditions name."""

    model_config = ConfigDict(
        title="Segue named events",
        json_schema_extra={"dependentRequired": {"unless": ["by"], "refunds": ["by"], "amount": ["refunds"]}},
    )
    what: ClassVar[str] = "named events"

    id: Annotated[
        str,
        Field(
            pattern=f"^{NAMED.pattern}$",
            max_length=LONGEST_ID,
            json_schema_extra={ELSE: "an id is lower-case words joined by hyphens, a letter first"},
        ),
        Checked(_id),
    ]
    name: Words | None = None
    description: Words | None = None
    any_of: Annotated[EventNames, Field(alias="any of")]
    by: Property = ""
    unless: EventNames = Field(default_factory=list)
    refunds: EventNames = Field(default_factory=list)
    amount: Property = "total"
    label: Annotated[EventLabel, Checked(_verbs)] = Field(default_factory=EventLabel.model_construct)
    strict: Strict = None

    @classmethod
    def across(cls, values: dict[str, Any], context: Any) -> Iterator[Fault]:
        """Yield faults for events named twice, and for keys on taking back that do not go together."""
        names = {key: values[key] for key in ("any of", "unless", "refunds") if _is_short(values.get(key))}
        yield from (fault for key, listed in names.items() for fault in _twice(key, listed))
        yield from _of_themselves(names)
        corrections = values.keys() & {"unless", "refunds"}
        if corrections and "by" not in values:
            yield Fault("by which property is one joined with what takes it back?", "by", suggestion="by: order_id")
        for key, is_needed in (("by", corrections), ("amount", "refunds" in values)):
            if key in values and not is_needed:
                yield Fault(f"{key} belongs to what takes an occurrence back", key, suggestion="unless")

    def body(self) -> dict[str, Any]:
        """The body as it is stored."""
        keys = {"unless", "refunds", "by"} & self.model_fields_set
        return {
            "id": self.id,
            "name": self.name or self.id,
            "any of": self.any_of,
            **({"description": self.description} if self.description else {}),
            **self.model_dump(include=keys),
            **({"amount": self.amount} if "refunds" in keys else {}),
            **({"label": self.label.model_dump(exclude_unset=True)} if "label" in self.model_fields_set else {}),
            **({"strict": self.strict} if self.strict is not None else {}),
        }


def _is_short(value: Any) -> bool:
    """True for a list that is no longer than allowed; the names of others are not compared with each other."""
    return isinstance(value, list) and len(value) <= MOST_EVENTS


def _twice(key: str, listed: list[Any]) -> Iterator[Fault]:
    for index, name in enumerate(listed):
        if name in listed[:index]:
            yield Fault(f"{name!r} stands here twice", f"{key}[{index}]")


def _of_themselves(names: Mapping[str, list[Any]]) -> Iterator[Fault]:
    """Yield faults for events that take themselves back, and for those that do so in two ways."""
    for key in ("unless", "refunds"):
        for index, name in enumerate(names.get(key, ())):
            if name in names.get("any of", ()):
                yield Fault(f"{name!r} cannot take itself back", f"{key}[{index}]")
    for name in names.get("unless", ()):
        if name in names.get("refunds", ()):
            yield Fault(f"{name!r} takes an occurrence back at once, or by its amount", "refunds")


def load_events(source: str | Mapping[str, Any]) -> dict[str, Any]:
    """The body of a definition of named events; raises DefinitionRefused with every fault and its position."""
    return load(EventGroup, source)
