"""What is wrong with a rule's JSON, every fault of it; what passes here cannot fail at evaluation."""

from collections.abc import Iterator, Mapping
from typing import Any

from functions.core.scores.link import SCORED
from functions.core.scores.rules import DAY
from functions.core.segments import fields
from functions.core.segments.check import problems
from functions.core.segments.filters import constant
from functions.core.segments.operator import seconds

MOST_POINTS = 1_000_000

Fault = tuple[str, str, str | None]

_EVENTS = ("events", "where")
_SHAPES: Mapping[str, tuple[str, ...]] = {
    "when": ("points", "when"),
    "per": ("points", "per", "within", "fading over", "halving every", "at most"),
    "per full": ("points", "per full", "without", "at most"),
}


def check(rule: Any) -> Iterator[Fault]:
    """(key, message, suggestion) of each fault."""
    kind = _kind(rule)
    if kind is None:
        yield "", "a rule gives points `when` a condition holds, `per` event or `per full` span without one", None
        return
    for name in rule:
        if name not in _SHAPES[kind]:
            yield name, f"{name!r} is not part of a rule with {kind!r}", fields.nearest(name, _SHAPES[kind])
    yield from _points(rule, "points", "a rule needs points such as +10")
    if "at most" in rule:
        yield from _points(rule, "at most", "")
    yield from {"when": _when, "per": _per, "per full": _per_full}[kind](rule)


def _kind(rule: Any) -> str | None:
    kinds = [name for name in ("per full", "when", "per") if isinstance(rule, Mapping) and name in rule]
    return kinds[0] if len(kinds) == 1 else None


def _points(rule: Mapping[str, Any], key: str, missing: str) -> Iterator[Fault]:
    given = rule.get(key)
    complaint = next(fields.number(given), None) if given is not None else (missing, None)
    if complaint:
        yield key, *complaint
        return
    number = constant(given)
    if not number or abs(number) > MOST_POINTS or (key == "at most" and number < 0):
        yield key, f"points go up to {MOST_POINTS:,} and are not 0; a limit is above 0", None
    elif number != round(number, 2):
        yield key, "points have two decimals at most", f"{round(number, 2):f}"


def _when(rule: Mapping[str, Any]) -> Iterator[Fault]:
    found = [(problem.message, problem.suggestion) for problem, _ in problems(rule["when"])]
    for message, hint in found:
        yield "when", message, hint
    if not found and (inner := others(rule["when"])):
        yield "when", f"a score is made of what people do and say, not of {inner!r}", None


def others(node: Any) -> str | None:
    """The operator in the condition that looks at another definition."""
    if isinstance(node, list | tuple):
        return next(filter(None, map(others, node)), None)
    if not isinstance(node, Mapping):
        return None
    if node.get("op") in (*SCORED, "in segment"):
        return str(node["op"])
    return next(filter(None, map(others, node.values())), None)


def _per(rule: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _events(rule, "per")
    ways = [name for name in ("within", "fading over", "halving every") if name in rule]
    if len(ways) > 1:
        yield ways[1], f"an event counts {ways[0]!r} or {ways[1]!r} a span, not both", None
    for name in ways:
        complaints = list(fields.span(rule[name]))
        yield from ((name, *complaint) for complaint in complaints)
        if not complaints and name != "within" and seconds(rule[name]) % DAY:
            yield name, "points fade by whole days", "30 days"


def _per_full(rule: Mapping[str, Any]) -> Iterator[Fault]:
    yield from (("per full", *complaint) for complaint in fields.span(rule["per full"]))
    if "without" not in rule:
        yield "per full", "without which events?", 'without any of ("Product Viewed", "Order Completed")'
    else:
        yield from _events(rule, "without")


def _events(rule: Mapping[str, Any], key: str) -> Iterator[Fault]:
    part = rule[key]
    if not isinstance(part, Mapping):
        yield key, 'must be {"events": […], "where": …}', None
        return
    for name in part:
        if name not in _EVENTS:
            yield key, f"{name!r} does not belong here", fields.nearest(name, _EVENTS)
    yield from ((key, *complaint) for complaint in fields.events(part.get("events")))
    if "where" in part:
        yield from ((key, *complaint) for complaint in fields.where(part["where"]))
