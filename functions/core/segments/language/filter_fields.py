"""Checks of filters of events, each with its JSON Schema: what ``where`` holds, and the comparisons in it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from functions.core.base.spelling import nearest
from functions.core.segments.language.fields import COMPARES, compare, events, path, scalars
from functions.core.segments.language.schema_parts import closed, part
from functions.core.segments.operator import Complaint, Field, Schema, checks
from functions.core.timelines.filters import NEAR, ORDERED, constant

DEEPEST_FILTER = 16


@checks({"enum": [*COMPARES, NEAR]})
def where_compare(value: Any) -> Iterator[Complaint]:
    """Check for a comparison of an event's property, ``near`` included."""
    if value not in (*COMPARES, NEAR):
        yield from compare(value)


def agreement(node: Mapping[str, Any]) -> Iterator[Complaint]:
    """Check that a comparison's value is of the kind that the comparison takes."""
    how, value = node.get("compare"), node.get("value")
    if how in ("exists", "missing"):
        if "value" in node:
            yield f"{how} takes no value", None
    elif "value" not in node:
        yield f"{how} needs a value", None
    elif how == NEAR:
        yield from _circle(value)
    elif (how == "in") != isinstance(value, list):
        yield "in takes a list of values, the other comparisons one value", None
    elif how == "in" and not value:
        yield "the list is empty", None
    elif how in ORDERED and isinstance(value, bool):
        yield f"true and false have no order: use = instead of {how}", "="
    elif how == "starts with" and not isinstance(value, str):
        yield "starts with takes text", None


def _circle(value: Any) -> Iterator[Complaint]:
    """Check for [metres, latitude, longitude]."""
    numbers = list(map(constant, value)) if isinstance(value, list) else []
    if len(numbers) != 3 or not all(isinstance(each, Decimal) for each in numbers):
        yield "takes metres, latitude and longitude", None
    elif not 0 < numbers[0] <= 20_040_000 or abs(numbers[1]) > 90 or abs(numbers[2]) > 180:
        yield "takes more than 0 metres around a latitude up to 90 and a longitude up to 180", None


@checks(part("filter"))
def where(value: Any) -> Iterator[Complaint]:
    """Check for a filter of event properties."""
    yield from _filter(value, 1)


def _filter(value: Any, depth: int) -> Iterator[Complaint]:
    if depth > DEEPEST_FILTER:
        yield f"brackets are nested more than {DEEPEST_FILTER} deep", None
    elif not isinstance(value, Mapping):
        yield "must be a filter", None
    elif len(value) == 1 and next(iter(value)) in ("and", "or"):
        (members,) = value.values()
        if not isinstance(members, list) or len(members) < 2:
            yield "“and” and “or” take a list of two filters or more", None
            return
        for member in members:
            yield from _filter(member, depth + 1)
    else:
        yield from _comparison(value)


def _comparison(value: Mapping[str, Any]) -> Iterator[Complaint]:
    checks = {"property": path, "compare": where_compare, "value": scalars}
    for name in value:
        if name not in checks:
            yield f"{name!r} is not part of a filter", nearest(name, (*checks, "and", "or"))
    for name in ("property", "compare"):
        if name not in value:
            yield f"a filter needs {name!r}", None
    complaints = [complaint for name, check in checks.items() if name in value for complaint in check(value[name])]
    yield from complaints
    if not complaints:
        yield from agreement(value)


@checks(part("step"))
def step(value: Any) -> Iterator[Complaint]:
    """Check for events with an optional filter: ``{"events": […], "where": …}``."""
    if not isinstance(value, Mapping):
        yield 'must be {"events": […], "where": …}', None
        return
    for name in value:
        if name not in ("events", "where"):
            yield f"{name!r} is not part of it", nearest(name, ("events", "where"))
    yield from events(value.get("events"))
    if "where" in value:
        yield from where(value["where"])


WHERE = Field(where)


def definitions() -> dict[str, Schema]:
    """The schemas of ``filter`` and ``step``, to which others refer."""
    inner = {"type": "array", "items": part("filter"), "minItems": 2}
    parts = {"property": path.schema, "compare": where_compare.schema, "value": scalars.schema}
    joined = [closed({word: inner}, word) for word in ("and", "or")]
    return {
        "filter": {"oneOf": [closed(parts, "property", "compare"), *joined]},
        "step": closed({"events": events.schema, "where": where.schema}, "events"),
    }
