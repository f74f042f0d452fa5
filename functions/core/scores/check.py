"""Checks a rule's JSON and reports all of its faults; a rule without faults cannot fail at evaluation."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from functions.core.base.spelling import nearest
from functions.core.scores.link import SCORED
from functions.core.scores.rules import DAY, worths
from functions.core.segments.language import fields
from functions.core.segments.language.check import beyond, problems, too_far
from functions.core.segments.operator import Node, Problem, seconds
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


_EVENTS = ("events", "where")
_DECAYS = ("fading over", "halving every")
_SHAPES: Mapping[str, tuple[str, ...]] = {
    "when": ("points", "when"),
    "per": ("points", "per", "within", "fading over", "halving every", "at most"),
    "per full": ("points", "per full", "without", "at most"),
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
    for name in rule:
        if name not in _SHAPES[kind]:
            hint = nearest(name, _SHAPES[kind])
            yield RuleFault(name, f"{name!r} is not part of a rule with {kind!r}", hint)
    yield from _points(rule, "points", "a rule needs points such as +10")
    if "at most" in rule:
        yield from _points(rule, "at most", "")
    yield from {"when": _when, "per": _per, "per full": _per_full}[kind](rule)


def _kind(rule: Any) -> str | None:
    kinds = [name for name in ("per full", "when", "per") if isinstance(rule, Mapping) and name in rule]
    return kinds[0] if len(kinds) == 1 else None


def _points(rule: Mapping[str, Any], key: str, missing: str) -> Iterator[RuleFault]:
    points = rule.get(key)
    complaint = next(fields.number(points), None) if points is not None else (missing, None)
    if complaint:
        yield RuleFault(key, *complaint)
        return
    number = constant(points)
    if not number or abs(number) > MOST_POINTS or (key == "at most" and number < 0):
        yield RuleFault(key, f"points go up to {MOST_POINTS:,} and are not 0; a limit is above 0")
    elif number != round(number, 2):
        yield RuleFault(key, "points have two decimals at most", f"{round(number, 2):f}")


def _when(rule: Mapping[str, Any]) -> Iterator[RuleFault]:
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
    yield from _events(rule, "per")
    ways = [name for name in ("within", *_DECAYS) if name in rule]
    if len(ways) > 1:
        yield RuleFault(ways[1], f"an event counts {ways[0]!r} or {ways[1]!r} a span, not both")
    for name in ways:
        complaints = list(fields.span(rule[name]))
        yield from (RuleFault(name, *complaint) for complaint in complaints)
        if not complaints and name != "within" and seconds(rule[name]) % DAY:
            yield RuleFault(name, "points fade by whole days", "30 days")


def _per_full(rule: Mapping[str, Any]) -> Iterator[RuleFault]:
    yield from (RuleFault("per full", *complaint) for complaint in fields.span(rule["per full"]))
    if "without" not in rule:
        hint = 'without any of ("Product Viewed", "Order Completed")'
        yield RuleFault("per full", "without which events?", hint)
    else:
        yield from _events(rule, "without")


def _events(rule: Mapping[str, Any], key: str) -> Iterator[RuleFault]:
    part = rule[key]
    if not isinstance(part, Mapping):
        yield RuleFault(key, 'must be {"events": […], "where": …}')
        return
    for name in part:
        if name not in _EVENTS:
            yield RuleFault(key, f"{name!r} does not belong here", nearest(name, _EVENTS))
    yield from (RuleFault(key, *complaint) for complaint in fields.events(part.get("events")))
    if "where" in part:
        yield from (RuleFault(key, *complaint) for complaint in fields.where(part["where"]))


def _beyond(rule: Mapping[str, Any], retention_days: int) -> Iterator[RuleFault]:
    """The faults of a rule, otherwise without faults, that looks back further than the log's retention."""
    if "when" in rule:
        yield from (_inside(*each) for each in beyond(rule["when"], retention_days))
    for name in ("within", "fading over", "per full"):
        if name in rule and (message := too_far(rule[name], retention_days)):
            yield RuleFault(name, message, f"{retention_days} days")
    if "halving every" in rule and (days := len(worths(rule))) > retention_days:
        shorter = max(1, seconds(rule["halving every"]) // DAY * retention_days // days)
        message = f"so halved, the points last {days} days, and the log keeps {retention_days} (LOG_RETENTION_DAYS)"
        yield RuleFault("halving every", message, f"{shorter} days")
