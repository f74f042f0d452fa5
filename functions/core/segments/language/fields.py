"""Checks of the values in a node's JSON, each with its JSON Schema; filters of events are in ``filter_fields``."""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.base import currencies
from functions.core.base.currencies import CODES, COMMON
from functions.core.base.keys import NAMED
from functions.core.base.spelling import nearest
from functions.core.segments import dates
from functions.core.segments.language.schema_parts import LONGEST_TEXT, SCALARS, SPAN, TEXT, closed, part
from functions.core.segments.operator import LONGEST, SPANS, Complaint, Field, Schema, checks, seconds
from functions.core.timelines.filters import COMPARISONS, constant, exact

COMPARES = (*COMPARISONS, "contains", "starts with", "in", "exists", "missing")
BOUNDS = ("at least", "at most", "exactly")
MOST = 1000
_NAMED = closed({"named": {"type": "string", "pattern": f"^{NAMED.pattern}$"}}, "named")


@checks(TEXT)
def text(value: Any) -> Iterator[Complaint]:
    """Check for printable text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        yield "must be text", None
    elif len(value) > LONGEST_TEXT:
        yield f"is longer than {LONGEST_TEXT} characters", None
    elif not value.isprintable():
        yield "holds characters that cannot be printed", None


@checks(TEXT)
def path(value: Any) -> Iterator[Complaint]:
    """Check for a dotted path such as ``products[].category``."""
    yield from text(value)
    if isinstance(value, str) and not all(part.removesuffix("[]") for part in value.split(".")):
        yield f"{value!r} is not a path such as total or products[].category", None


@checks(TEXT)
def single_path(value: Any) -> Iterator[Complaint]:
    """Check for a path that leads to one value, without ``[]``."""
    yield from path(value)
    if isinstance(value, str) and "[]" in value:
        yield "must lead to one value, not to members of a list", value.replace("[]", "")


@checks({"type": "array", "items": {"anyOf": [TEXT, _NAMED]}, "minItems": 1})
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


@checks(SPAN)
def span(value: Any) -> Iterator[Complaint]:
    """Check for a span such as ``48 hours``, from 1 second to 3653 days."""
    count, _, unit = value.partition(" ") if isinstance(value, str) else ("", "", "")
    if not (count.isascii() and count.isdigit()):
        yield "must be a span such as “48 hours”", None
    elif unit.removesuffix("s") not in SPANS:
        yield f"{unit!r} is not a unit: {_why(unit)}", suggested_span(count, unit)
    elif len(count) > 10 or not 0 < seconds(value) <= LONGEST:
        yield "a span is at least 1 second and at most 3653 days", None


@checks({"type": "array", "items": SPAN, "minItems": 2, "maxItems": 2})
def spans(value: Any) -> Iterator[Complaint]:
    """Check for two spans, between which the time in question lies: how long ago it begins and ends."""
    if not isinstance(value, list) or len(value) != 2:
        yield "must be two spans, such as “60 days” and “30 days”", None
        return
    for each in value:
        yield from span(each)


@checks({"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([Tt ].*)?$"})
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


def _bound(bound: str) -> Schema:
    return closed({bound: {"type": "integer", "minimum": int(bound == "at least"), "maximum": MOST}}, bound)


@checks({"oneOf": [_bound(bound) for bound in BOUNDS]})
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


@checks({"enum": list(COMPARES)})
def compare(value: Any) -> Iterator[Complaint]:
    """Check for any comparison."""
    if value not in COMPARES:
        yield f"{value!r} is not a comparison", nearest(value, COMPARES)


@checks({"enum": list(COMPARISONS)})
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


@checks({"type": "number"})
def number(value: Any) -> Iterator[Complaint]:
    """Check for a number."""
    if isinstance(value, bool | str):
        yield "must be a number", None
    else:
        yield from scalar(value)


@checks(SCALARS)
def scalars(value: Any) -> Iterator[Complaint]:
    """Check for the value of a comparison: one scalar, or a list of them for ``in``."""
    if isinstance(value, list):
        for each in value:
            yield from scalar(each)
    else:
        yield from scalar(value)


@checks({"type": "string", "pattern": f"^{currencies.FORM.pattern}$"})
def currency(value: Any) -> Iterator[Complaint]:
    """Check for the ISO 4217 code of a currency, in capitals."""
    if not isinstance(value, str) or value not in CODES:
        yield f"{value!r} is not the code of a currency, which is three capitals", nearest_code(value)


def nearest_code(value: Any) -> str | None:
    """The code of the currency that was probably meant."""
    if not isinstance(value, str):
        return COMMON[0]
    return nearest(value.upper(), COMMON) or nearest(value.upper(), CODES)


@checks({"type": "integer", "minimum": 1, "maximum": MOST})
def whole(value: Any) -> Iterator[Complaint]:
    """Check for a whole number from 1 to ``MOST``, such as the number of latest events."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MOST:
        yield f"must be a whole number from 1 to {MOST}", None


@checks(part("condition"))
def node(value: Any) -> Iterator[Complaint]:
    """Check that the value is a mapping; the condition in it is checked on its own."""
    if not isinstance(value, Mapping):
        yield "must be one condition", None


EVENTS = Field(events, required=True)
WITHIN = Field(span, looks_back=True)
WINDOW = {
    "within": WITHIN,
    "between": Field(spans, looks_back=True),
    # The period between dates does not move: a timeline keeps its entries, however short the log's retention.
    "since": Field(date),
    "until": Field(date),
}
COUNT = Field(count)
