"""The samples of a declared source: bodies with what has to come of each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from functions.core.base import json_text, plain_values
from functions.core.base.errors import Fault, Refused
from functions.core.base.model import DefinitionModel
from functions.core.base.model_faults import Says
from functions.core.mappings.mapping import SourceMapping
from functions.core.mappings.records import Mapped, MappedEvent
from functions.core.mappings.steps import Steps
from functions.core.mappings.translation import translate

_PARTS = ("properties", "traits")


class ExpectedEvent(DefinitionModel):
    """An event that has to come of a sample; what is not stated is not compared."""

    what: ClassVar[str] = "an expected event"
    shape: ClassVar[Fault] = Fault("an expected event has its name", suggestion="{event: Store Purchase}")

    event: Annotated[str, Says("an expected event has its name", "event: Store Purchase")]
    time: Annotated[str | None, Field(description="RFC 3339")] = None
    person: Annotated[list[str] | None, Field(description="identifiers, such as email:ann@example.org")] = None
    properties: Annotated[dict[str, Any] | None, Field(description="all of them, amounts in minor units")] = None
    traits: Annotated[dict[str, Any] | None, Field(description="all of them")] = None
    consent: str | None = None


class Sample(DefinitionModel):
    """A body as the sender sends it, and the events that have to come of it."""

    what: ClassVar[str] = "a sample"
    shape: ClassVar[Fault] = Fault("a sample has a body and what to expect", suggestion="{body: {…}, expect: […]}")

    name: Any = None
    body: Annotated[Any, Field(description="the JSON of the body, or its text")]
    headers: Annotated[dict[str, str], Says("headers are names with texts")] = Field(default_factory=dict)
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$", description="the shop's, for amounts without one")] = "EUR"
    expect: Annotated[
        list[ExpectedEvent], Says("expect is the list of events; [] for a body that is ignored", "expect: []")
    ]


def sample_faults(mapping: SourceMapping, samples: Sequence[Sample]) -> Iterator[Fault]:
    """Yield the faults of samples that come to something else, and of events that come of no sample.

    All samples together may take as many steps as one body.
    """
    seen: set[int] = set()
    steps = Steps()
    for place, sample in enumerate(samples):
        mapped = of_sample(mapping, sample.body, sample.headers, sample.currency, steps)
        seen |= {event.rule for event in mapped.events}
        yield from _compared(f"samples[{place}]", sample, mapped)
    for number, rule in enumerate(mapping.rules):
        if number not in seen:
            yield Fault(f"no sample becomes this event, {rule.name}: add a body that does", f"events[{number}]")


def of_sample(
    mapping: SourceMapping, body: Any, headers: Mapping[str, str], currency: str, steps: Steps | None = None
) -> Mapped:
    """What becomes of a body that is given as JSON or as its text."""
    lower = {name.lower(): value for name, value in headers.items()}
    try:
        return translate(
            mapping, json_text.read(body, where="body") if isinstance(body, str) else body, lower, currency, steps
        )
    except Refused as refused:
        return Mapped(faults=tuple(refused.faults))


def _compared(where: str, sample: Sample, mapped: Mapped) -> Iterator[Fault]:
    for fault in mapped.faults:
        yield Fault(f"this becomes nothing: {fault.where}: {fault.message}".replace(": : ", ": "), f"{where}.body")
    if mapped.faults:
        return
    if len(mapped.events) != len(sample.expect):
        names = ", ".join(event.name for event in mapped.events) or "nothing"
        yield Fault(f"the body becomes {names}", f"{where}.expect")
        return
    for place, (expected, event) in enumerate(zip(sample.expect, mapped.events, strict=True)):
        for key, right in _differences(expected, event):
            message = f"the body gives {json.dumps(right, default=str, ensure_ascii=False)}"
            yield Fault(message[:500], f"{where}.expect[{place}].{key}")


def _differences(expected: ExpectedEvent, event: MappedEvent) -> Iterator[tuple[str, Any]]:
    """Yield the path of each stated part that is another one, and what it is."""
    if expected.event != event.name:
        yield "event", event.name
    if expected.time is not None and plain_values.instant(expected.time) != event.at:
        yield "time", plain_values.written(event.at)
    if expected.person is not None and sorted(expected.person) != sorted(event.identifiers):
        yield "person", list(event.identifiers)
    if "consent" in expected.model_fields_set and expected.consent != event.consent:
        yield "consent", event.consent
    for key in _PARTS:
        stated, found = getattr(expected, key), getattr(event, key)
        if stated is not None:
            names = sorted(stated.keys() | found.keys())
            yield from ((f"{key}.{name}", found.get(name)) for name in names if stated.get(name) != found.get(name))
