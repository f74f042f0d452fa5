"""trait … within the next or last: a date in a trait, or its anniversary in every year."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Any

from functions.core.base import zones
from functions.core.base.instants import FOREVER, Instant
from functions.core.segments import dates
from functions.core.segments.language import fields, formatting
from functions.core.segments.operator import Check, Condition, Field, Node, Operator, Problem, View, seconds
from functions.core.timelines.entry import statement
from functions.core.timelines.spec import TimelineSpec

# Traits whose date is an anniversary even without the word in the condition.
BIRTHDAYS = frozenset({"birthday", "birthdate", "birth_date", "date_of_birth", "dob"})
LONGEST_YEARLY = 364 * dates.DAY
ZONE = TimelineSpec(trait="timezone")


def _yearly(node: Node) -> bool:
    return bool(node.get("yearly")) or node["trait"].split(".")[-1].lower() in BIRTHDAYS


def _span(node: Node) -> int:
    return seconds(node["next"] if "next" in node else node["last"])


def _reaches(value: Any, yearly: bool, now: int, zone: tzinfo) -> list[tuple[int, int]]:
    """First and last second (UTC) of the date in the value; of an anniversary, in each of the years around now."""
    if not yearly:
        reach = dates.reach(value, zone)
        return [reach] if reach else []
    day = dates.of_year(value)
    if day is None:
        return []
    this = dates.year_of(now)
    years = (year for year in range(this - 2, this + 3) if 0 < year < 10_000)
    return [dates.span_of(dates.of_the_year(year, *day), zone) for year in years]


def _verdict(node: Node, reaches: Iterable[tuple[int, int]], now: int) -> Instant:
    span, soon = _span(node), "next" in node
    ends, starts = -FOREVER, FOREVER
    for first, last in reaches:
        start, end = (first - span, last + 1) if soon else (first, last + span)
        if start <= now < end:
            ends = max(ends, end)
        elif start > now:
            starts = min(starts, start)
    return ends if ends > now else -starts


def _said(view: View, spec: TimelineSpec) -> Any:
    entries = view.entries(spec.id)
    return statement(entries[-1]) if entries else None


def _zone(node: Node, view: View) -> tzinfo:
    """The person's time zone (trait ``timezone``), else the shop's, else UTC."""
    return zones.zone_of(_said(view, ZONE)) or zones.zone_of(node.get("zone")) or UTC


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    spec, yearly = TimelineSpec(trait=node["trait"]), _yearly(node)

    def verdict(view: View) -> Instant:
        value = _said(view, spec)
        if value is None:
            return -FOREVER
        return _verdict(node, _reaches(value, yearly, view.now, _zone(node, view)), view.now)

    return Condition((spec, ZONE), verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    spec = TimelineSpec(trait=node["trait"])
    entries, zone = view.entries(spec.id), _zone(node, view)
    return {
        "said": entries[-1].time if entries else None,
        "a_date": bool(_reaches(_said(view, spec), _yearly(node), view.now, zone)),
        "zone": zones.name_of(zone),
    }


def _check(node: Node) -> Iterator[Problem]:
    if ("next" in node) == ("last" in node):
        yield Problem(node, "next", "say either within the next or within the last span", "within the next 7 days")
    elif _yearly(node) and _span(node) > LONGEST_YEARLY:
        yield Problem(
            node, "next" if "next" in node else "last", "holds all year: an anniversary takes 364 days at most"
        )


def _truth(value: Any) -> Iterator[tuple[str, str | None]]:
    if value is not True:
        yield "is true or left out", "true"


def _text(node: Node) -> str:
    yearly = " anniversary" if node.get("yearly") else ""
    way = "next" if "next" in node else "last"
    return f"trait {formatting.path(node['trait'])}{yearly} within the {way} {node[way]}"


def _sentence(node: Node) -> str:
    yearly = " anniversary" if node.get("yearly") else ""
    way = "is within the next" if "next" in node else "was within the last"
    span = formatting.span(node["next" if "next" in node else "last"])
    return f"whose {formatting.path_words(node['trait'])}{yearly} {way} {span}"


OPERATORS = (
    Operator(
        key="trait date",
        title="trait … within the next / the last",
        meaning="The date that a trait holds, as ISO text: a day (`2026-05-12`, from its first to its last second) or "
        "a moment (`2026-05-12T10:00:00+02:00`). Days begin at midnight where somebody lives (the trait `timezone`, an "
        "IANA name such as `Europe/Berlin`), else where the shop is (`shop_timezone`). `within the next W` holds from "
        "W before it until it is over, `within the last W` from when it begins until W after its last second. A "
        "birthday (`birthday`, `birthdate`, `birth_date`, `date_of_birth`, `dob`) and what is said to be an "
        "`anniversary` come again every year, also as `--05-12`; 29 February is kept on the 28th in other years. What "
        "is no date satisfies neither.",
        examples=(
            "trait birthday within the next 7 days",
            "trait renews_at within the last 30 days",
            "trait member_since anniversary within the next 1 day",
        ),
        grammar="""
trait_date: _trait property anniversary? _within_the way
anniversary: "anniversary"
_within_the: "within the" | "is within the" | "was within the"
?way: next_span | last_span
next_span: "next" (span | one)
last_span: "last" (span | one)
""",
        leaves=("trait_date",),
        rules={
            "trait_date": lambda parts: {
                "op": "trait date",
                "trait": parts[0],
                **{name: value for part in parts[1:] for name, value in part.items()},
            },
            "anniversary": lambda parts: {"yearly": True},
            "next_span": lambda parts: {"next": parts[0]},
            "last_span": lambda parts: {"last": parts[0]},
        },
        text=_text,
        sentence=_sentence,
        fields={
            "trait": Field(fields.single_path, required=True),
            "yearly": Field(Check(_truth, {"const": True})),
            "next": Field(fields.span),
            "last": Field(fields.span),
        },
        compile=_compile,
        check=_check,
        explain=_explain,
    ),
)
