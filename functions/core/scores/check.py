"""Checks a rule's JSON and reports all of its faults; a rule without faults cannot fail at evaluation."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from functions.core.base.spelling import nearest
from functions.core.scores.link import SCORED
from functions.core.scores.rules import DAY, worths
from functions.core.segments.language import fields, filter_fields
from functions.core.segments.language.check import beyond, problems, too_far
from functions.core.segments.language.schema_parts import SPAN
from functions.core.segments.operator import Complaint, Field, Node, Problem, checks, seconds
from functions.core.segments.registry import operators
from functions.core.timelines.filters import constant

MOST_POINTS = 1_000_000


class RuleFault(NamedTuple):
    """A fault of one key of a rule; the key is empty for a fault of the rule as a whole.

    If the fault is inside a condition, ``problem`` has the node and the field, ``path`` the place in the rule's JSON.
    """

    key: str
    message: str
    suggestion: str | None = None
    problem: Problem | None = None
    path: str = ""


@checks({"type": "number", "minimum": -MOST_POINTS, "maximum": MOST_POINTS, "not": {"const": 0}})
def _points(value: Any) -> Iterator[Complaint]:
    if value is None:
        yield "a rule needs points such as +10", None
    else:
        yield from _number_of_points(value)


@checks({"type": "number", "exclusiveMinimum": 0, "maximum": MOST_POINTS})
def _limit(value: Any) -> Iterator[Complaint]:
    yield from _number_of_points(value, least=0)


def _number_of_points(value: Any, least: int = -MOST_POINTS) -> Iterator[Complaint]:
    if complaint := next(fields.number(value), None):
        yield complaint
        return
    number = constant(value)
    if not number or not least <= number <= MOST_POINTS:
        yield f"points go up to {MOST_POINTS:,} and are not 0; a limit is above 0", None
    elif number != round(number, 2):
        yield "points have two decimals at most", f"{round(number, 2):f}"


@checks(SPAN)
def _whole_days(value: Any) -> Iterator[Complaint]:
    complaints = list(fields.span(value))
    yield from complaints
    if not complaints and seconds(value) % DAY:
        yield "points fade by whole days", "30 days"


_EVENTS = Field(filter_fields.step, required=True)
_POINTS = Field(_points, required=True)
_LIMIT = Field(_limit)
_DECAYS = {
    "fading over": Field(_whole_days, looks_back=True),
    # How long points last that are halved again and again is told with their number: see ``_beyond``.
    "halving every": Field(_whole_days),
}
# The keys of a rule by the one that says its way; their checks and the JSON Schema of rules come from here.
SHAPES: Mapping[str, Mapping[str, Field]] = {
    "when": {"points": _POINTS, "when": Field(fields.node, required=True)},
    "per": {
        "points": _POINTS,
        "per": _EVENTS,
        "within": Field(fields.span, looks_back=True),
        **_DECAYS,
        "at most": _LIMIT,
    },
    "per full": {
        "points": _POINTS,
        "per full": Field(fields.span, required=True, looks_back=True),
        "without": _EVENTS,
        "at most": _LIMIT,
    },
}


def check(rule: Any, retention_days: int | None = None) -> Iterator[RuleFault]:
    """All faults of a rule; if the log's retention is given, a rule that looks back further is one too."""
    problems_found = list(_faults(rule))
    yield from problems_found
    if not problems_found and retention_days is not None:
        yield from _beyond(rule, retention_days)


def _faults(rule: Any) -> Iterator[RuleFault]:
    kind = _kind(rule)
    if kind is None:
        yield RuleFault("", "a rule gives points `when` a condition holds, `per` event or `per full` span without one")
        return
    shape = SHAPES[kind]
    for name in rule:
        if name not in shape:
            yield RuleFault(name, f"{name!r} is not part of a rule with {kind!r}", nearest(name, shape))
    for name in ("points", *(each for each in shape if each in rule and each != "points")):
        yield from (RuleFault(name, *complaint) for complaint in shape[name].check(rule.get(name)))
    yield from {"when": _when, "per": _per, "per full": _per_full}[kind](rule)


def _kind(rule: Any) -> str | None:
    kinds = [name for name in ("per full", "when", "per") if isinstance(rule, Mapping) and name in rule]
    return kinds[0] if len(kinds) == 1 else None


def _when(rule: Mapping[str, Any]) -> Iterator[RuleFault]:
    if not isinstance(rule["when"], Mapping):
        return
    problems_inside = [_inside(*each) for each in problems(rule["when"])]
    yield from problems_inside or (_inside(*each) for each in _others(rule["when"], "when"))


def _inside(problem: Problem, path: str) -> RuleFault:
    message = f"{problem.field}: {problem.message}" if problem.field else problem.message
    return RuleFault("when", message, problem.suggestion, problem, path)


def _others(node: Node, path: str) -> Iterator[tuple[Problem, str]]:
    """The conditions, with their paths, that refer to a segment or a score, which a rule may not."""
    if node["op"] == "in segment":
        message = f"a score sees no segment: write the condition of {node['segment']!r} itself into the rule"
        yield Problem(node, "", f'{message}, or ask for both in a segment: score … and in segment "…"'), path
    if node["op"] in SCORED:
        yield Problem(node, "", "a score sees no other score: ask for both in a segment: score … and score …"), path
    for place, child in operators()[node["op"]].inside(node).items():
        yield from _others(child, f"{path}.{place}")


def _per(rule: Mapping[str, Any]) -> Iterator[RuleFault]:
    ways = [name for name in ("within", *_DECAYS) if name in rule]
    if len(ways) > 1:
        yield RuleFault(ways[1], f"an event counts {ways[0]!r} or {ways[1]!r} a span, not both")


def _per_full(rule: Mapping[str, Any]) -> Iterator[RuleFault]:
    if "without" not in rule:
        hint = 'without any of ("Product Viewed", "Order Completed")'
        yield RuleFault("per full", "without which events?", hint)


def _beyond(rule: Mapping[str, Any], retention_days: int) -> Iterator[RuleFault]:
    """The faults of a rule, otherwise without faults, that looks back further than the log's retention."""
    if "when" in rule:
        yield from (_inside(*each) for each in beyond(rule["when"], retention_days))
    for name, field in SHAPES[_kind(rule) or ""].items():
        if field.looks_back and name in rule and (message := too_far(rule[name], retention_days)):
            yield RuleFault(name, message, f"{retention_days} days")
    if "halving every" in rule and (days := len(worths(rule))) > retention_days:
        shorter = max(1, seconds(rule["halving every"]) // DAY * retention_days // days)
        message = f"so halved, the points last {days} days, and the log keeps {retention_days} (LOG_RETENTION_DAYS)"
        yield RuleFault("halving every", message, f"{shorter} days")
