"""Checks of the values in a node's JSON; each yields (message, suggestion) for every fault."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from functions.core.base.currencies import CODES, COMMON
from functions.core.base.keys import NAMED
from functions.core.base.spelling import nearest
from functions.core.segments import dates
from functions.core.segments.operator import LONGEST, SPANS, Field, seconds
from functions.core.timelines.filters import COMPARISONS, NEAR, ORDERED, constant, exact

Complaint = tuple[str, str | None]

COMPARES = (*COMPARISONS, "contains", "starts with", "in", "exists", "missing")
BOUNDS = ("at least", "at most", "exactly")
MOST = 1000
DEEPEST_FILTER = 16
LONGEST_TEXT = 256


def text(value: Any) -> Iterator[Complaint]:
    """Check for printable text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        yield "must be text", None
    elif len(value) > LONGEST_TEXT:
        yield f"is longer than {LONGEST_TEXT} characters", None
    elif not value.isprintable():
        yield "holds characters that cannot be printed", None


def path(value: Any) -> Iterator[Complaint]:
    """Check for a dotted path such as ``products[].category``."""
    yield from text(value)
    if isinstance(value, str) and not all(part.removesuffix("[]") for part in value.split(".")):
        yield f"{value!r} is not a path such as total or products[].category", None


def single_path(value: Any) -> Iterator[Complaint]:
    """Check for a path that leads to one value, without ``[]``."""
    yield from path(value)
    if isinstance(value, str) and "[]" in value:
        yield "must lead to one value, not to members of a list", value.replace("[]", "")


def events(value: Any) -> Iterator[Complaint]:
    """Check for one or more events: names, or ids of definitions of events as ``{"named": "bought"}``."""
    if not isinstance(value, list) or not value:
        yield "must be a list of event names", None
        return
    for each in value:
        if isinstance(each, Mapping):
            yield from _named(each)
        else:
            yield from text(each)


def _named(value: Mapping[str, Any]) -> Iterator[Complaint]:
    for key in value:
        if key != "named":
            yield f"{key!r} is not part of a name of events", nearest(key, ["named"])
    if not isinstance(value.get("named"), str) or not NAMED.fullmatch(value["named"]):
        yield "named events have an id of lower-case words joined by hyphens", "bought"


def span(value: Any) -> Iterator[Complaint]:
    """Check for a span such as ``48 hours``, from 1 second to 3653 days."""
    count, _, unit = value.partition(" ") if isinstance(value, str) else ("", "", "")
    if not (count.isascii() and count.isdigit()):
        yield "must be a span such as “48 hours”", None
    elif unit.removesuffix("s") not in SPANS:
        yield f"{unit!r} is not a unit: {_why(unit)}", suggested_span(count, unit)
    elif len(count) > 10 or not 0 < seconds(value) <= LONGEST:
        yield "a span is at least 1 second and at most 3653 days", None


def spans(value: Any) -> Iterator[Complaint]:
    """Check for two spans, between which the time in question lies: how long ago it begins and ends."""
    if not isinstance(value, list) or len(value) != 2:
        yield "must be two spans, such as “60 days” and “30 days”", None
        return
    for each in value:
        yield from span(each)


def date(value: Any) -> Iterator[Complaint]:
    """Check for an ISO date or moment."""
    if dates.reach(value) is None:
        yield f"{value!r} is no date such as 2026-05-12 or 2026-05-12T10:00:00Z", None


def _why(unit: str) -> str:
    if unit.removesuffix("s") in ("month", "year"):
        return "months and years differ in length, so say it in days"
    return "use seconds, minutes, hours, days or weeks"


def suggested_span(count: str, unit: str) -> str | None:
    """The span that was probably meant; months, quarters and years become days."""
    name = unit.lower().removesuffix("s")
    days = {"month": 30, "year": 365, "quarter": 90}.get(name)
    if days and len(count) < 10:
        return f"{int(count) * days} days"
    short = {"s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "hr": "hour", "d": "day"}
    suggestion = short.get(name) or {"w": "week", "wk": "week"}.get(name) or nearest(name, SPANS)
    return f"{count} {suggestion}{'' if count == '1' else 's'}" if suggestion else None


def count(value: Any) -> Iterator[Complaint]:
    """Check for a count such as ``{"at least": 2}``."""
    if not isinstance(value, Mapping) or len(value) != 1:
        yield 'must be one of {"at least": n}, {"at most": n} and {"exactly": n}', None
        return
    ((bound, number),) = value.items()
    if bound not in BOUNDS:
        yield f"{bound!r} is not a bound", nearest(bound, BOUNDS)
    elif not isinstance(number, int) or isinstance(number, bool) or not (bound == "at least") <= number <= MOST:
        yield f"{bound} takes a whole number from {int(bound == 'at least')} to {MOST}", None


def compare(value: Any) -> Iterator[Complaint]:
    """Check for any comparison."""
    if value not in COMPARES:
        yield f"{value!r} is not a comparison", nearest(value, COMPARES)


def where_compare(value: Any) -> Iterator[Complaint]:
    """Check for a comparison of an event's property, ``near`` included."""
    if value not in (*COMPARES, NEAR):
        yield from compare(value)


def number_compare(value: Any) -> Iterator[Complaint]:
    """Check for a comparison of numbers."""
    if value not in tuple(COMPARISONS):
        yield f"{value!r} does not compare numbers", nearest(value, COMPARISONS)


def scalar(value: Any) -> Iterator[Complaint]:
    """Check for text, a number or a boolean."""
    text = constant(value) if isinstance(value, str | bool | int | float) or hasattr(value, "as_tuple") else None
    if text is None:
        yield "must be text, a number, true or false", None
    elif isinstance(text, str):
        yield from _literal(text)
    elif not isinstance(text, bool) and exact(text) is None:
        yield "a number is below 10^24 with at most 24 decimals", None


def _literal(text: str) -> Iterator[Complaint]:
    if len(text) > LONGEST_TEXT:
        yield f"is longer than {LONGEST_TEXT} characters", None
    elif not text.isprintable():
        yield "holds characters that cannot be printed", None


def number(value: Any) -> Iterator[Complaint]:
    """Check for a number."""
    if isinstance(value, bool | str):
        yield "must be a number", None
    else:
        yield from scalar(value)


def scalars(value: Any) -> Iterator[Complaint]:
    """Check for the value of a comparison: one scalar, or a list of them for ``in``."""
    if isinstance(value, list):
        for each in value:
            yield from scalar(each)
    else:
        yield from scalar(value)


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


def where(value: Any, depth: int = 1) -> Iterator[Complaint]:
    """Check for a filter of event properties."""
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
            yield from where(member, depth + 1)
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


def currency(value: Any) -> Iterator[Complaint]:
    """Check for the ISO 4217 code of a currency, in capitals."""
    if not isinstance(value, str) or value not in CODES:
        yield f"{value!r} is not the code of a currency, which is three capitals", nearest_code(value)


def nearest_code(value: Any) -> str | None:
    """The code of the currency that was probably meant."""
    if not isinstance(value, str):
        return COMMON[0]
    return nearest(value.upper(), COMMON) or nearest(value.upper(), CODES)


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


def whole(value: Any) -> Iterator[Complaint]:
    """Check for a whole number from 1 to ``MOST``, such as the number of latest events."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST:
        yield f"must be a whole number from 1 to {MOST}", None


def node(value: Any) -> Iterator[Complaint]:
    """Check that the value is a mapping; the condition in it is checked on its own."""
    if not isinstance(value, Mapping):
        yield "must be one condition", None


EVENTS = Field(events, required=True)
WHERE = Field(where)
WITHIN = Field(span, looks_back=True)
WINDOW = {
    "within": WITHIN,
    "between": Field(spans, looks_back=True),
    # The period between dates does not move: a timeline keeps its entries, however short the log's retention.
    "since": Field(date),
    "until": Field(date),
}
COUNT = Field(count)
