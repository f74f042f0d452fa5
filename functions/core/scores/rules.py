"""Evaluates one rule of a score: its worth at an instant in whole hundredths of points, exact, and until when it stays.

A rule is JSON:

    {"points": 10, "when": condition}
    {"points": 5, "per": {"events": […], "where": …}, "within": "90 days", "at most": 25}
    {"points": 20, "per": {"events": […]}, "fading over": "30 days"}       or "halving every"
    {"points": -3, "per full": "1 week", "without": {"events": […]}, "at most": 30}
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from operator import attrgetter
from typing import Any, NamedTuple

from functions.core.base.instants import FOREVER, holds
from functions.core.segments.engine.catalogue import compile_node
from functions.core.segments.nested import mappings
from functions.core.segments.operator import LONGEST, View, seconds
from functions.core.segments.parts.sealed import capped, worst
from functions.core.segments.parts.source import EntrySource
from functions.core.segments.registry import operators
from functions.core.segments.windows import Window
from functions.core.timelines.entry import EXACT
from functions.core.timelines.filters import constant
from functions.core.timelines.spec import TimelineSpec

DAY = 86_400
HUNDRED = Decimal(100)

# The result of a power depends on the precision, so it is fixed here.
_POWERS = Context(prec=40)

_time = attrgetter("time")

# The worth in hundredths of points, and the instant (seconds UTC) until which it stays.
Level = tuple[int, int]


class Rule(NamedTuple):
    """A compiled rule.

    specs  the timelines that it needs
    level  its worth at an instant (seconds UTC), and the instant until which that stays if no event comes
    facts  for a person with very many events: which of them it leaves out, as ``parts/sealed.py`` describes it
    gradual  True if time alone, without events, moves the worth in one direction only
    reach  the worths between which more events can bring it besides; None if there is no limit
    next_loss  when the next event comes that may take others back: of the worth after it nothing is said
    """

    specs: tuple[TimelineSpec, ...]
    level: Callable[[View, int], Level]
    facts: Callable[[View], Mapping[str, Any]] = lambda view: {}
    gradual: bool = True
    reach: tuple[int, ...] | None = None
    next_loss: Callable[[View], int] = lambda view: FOREVER


class Later:
    """A view of the same person at a later instant, provided that no event comes until then."""

    def __init__(self, view: View, now: int) -> None:
        self._view = view
        self.now = now

    def __getattr__(self, name: str) -> Any:
        return getattr(self._view, name)


def hundredths(number: Any) -> int:
    """Convert points, which have at most two decimals, to hundredths."""
    return int(EXACT.multiply(constant(number), HUNDRED))


def compile_rule(rule: Mapping[str, Any]) -> Rule:
    """Compile a rule, which must have passed its check."""
    if "when" in rule:
        return _condition(rule)
    if "per full" in rule:
        return _silence(rule)
    return _decaying(rule) if "fading over" in rule or "halving every" in rule else _counted(rule)


def _condition(rule: Mapping[str, Any]) -> Rule:
    points, condition = hundredths(rule["points"]), compile_node(rule["when"])

    def level(view: View, at: int) -> Level:
        later: Any = Later(view, at)
        verdict = condition.verdict(later)
        return points if holds(verdict) else 0, abs(verdict)

    def facts(view: View) -> Mapping[str, Any]:
        conditions = (each for each in mappings(rule["when"]) if each.get("op") in operators())
        return worst(operators()[each["op"]].explain(each, view) for each in conditions)

    return Rule(condition.specs, level, facts, gradual=False, reach=(0, points))


def _limit(rule: Mapping[str, Any]) -> int | None:
    return hundredths(rule["at most"]) if "at most" in rule else None


def _limited(worth: int, limit: int | None) -> int:
    return worth if limit is None else max(-limit, min(limit, worth))


def _counted(rule: Mapping[str, Any]) -> Rule:
    """Compile a rule ``per`` event without decay: each event is worth the same until it leaves the window."""
    points, limit = hundredths(rule["points"]), _limit(rule)
    window = seconds(rule["within"]) if "within" in rule else None
    keep = None if limit is None else -(-limit // abs(points))
    source = EntrySource(rule["per"], keep=keep, horizon=window)

    def level(view: View, at: int) -> Level:
        entries = source.entries(view)
        low = 0 if window is None else bisect_right(entries, at - window, key=_time)
        low = low if keep is None else max(low, len(entries) - keep)
        sealed = [each for each in source.sealed(view) if keep is None and (window is None or each.opens > at - window)]
        oldest = min(
            [*(entry.time for entry in entries[low : low + 1]), *(each.opens for each in sealed)], default=None
        )
        until = FOREVER if window is None or oldest is None else oldest + window
        return _limited(points * (len(entries) - low + sum(each.events for each in sealed)), limit), until

    if limit is not None:
        return Rule(source.specs, level, reach=(_limited(points * limit, limit),), next_loss=source.next_loss)
    return Rule(source.specs, level, lambda view: source.facts(view, Window(window)))


def worths(rule: Mapping[str, Any]) -> list[int]:
    """The worth in hundredths of one event by its age in whole days, for a rule with decay; 0 after the last."""
    points = hundredths(rule["points"])
    if "fading over" in rule:
        days = seconds(rule["fading over"]) // DAY
        return [_rounded(EXACT.multiply(points, days - day) / days) for day in range(days)]
    days = seconds(rule["halving every"]) // DAY
    table: list[int] = []
    while len(table) < LONGEST // DAY:
        share = _POWERS.power(2, _POWERS.divide(-len(table), days))
        worth = _rounded(_POWERS.multiply(points, share))
        if not worth:
            break
        table.append(worth)
    return table


def _rounded(number: Decimal) -> int:
    return int(number.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _decaying(rule: Mapping[str, Any]) -> Rule:
    """Compile a rule ``per`` event with decay: each event is worth less with every day of its age."""
    table, limit = worths(rule), _limit(rule)
    horizon = len(table) * DAY
    source = EntrySource(rule["per"], keep=None, horizon=horizon or 1)

    def level(view: View, at: int) -> Level:
        times = view.once(source.specs, lambda: [entry.time for entry in source.entries(view)])
        worth, until = 0, FOREVER
        newer = len(times)
        while newer:
            # All entries of one age in days at once: of many there are several of each.
            day = (at - times[newer - 1]) // DAY
            if day >= len(table):
                break
            older = bisect_right(times, at - (day + 1) * DAY, 0, newer)
            worth += table[day] * (newer - older)
            until = min(until, times[older] + (day + 1) * DAY)
            newer = older
        return _limited(worth, limit), until

    reach = None if limit is None else (_limited(hundredths(rule["points"]) * limit, limit),)
    return Rule(source.specs, level, lambda view: capped(view, *source.specs), reach=reach, next_loss=source.next_loss)


def _silence(rule: Mapping[str, Any]) -> Rule:
    """Compile a rule ``per full`` span: each full span since the last of the events is worth the points.

    A person without any of the events gets no points.
    """
    points, limit, span = hundredths(rule["points"]), _limit(rule), seconds(rule["per full"])
    source = EntrySource(rule["without"])

    def level(view: View, at: int) -> Level:
        entries = source.entries(view)
        if not entries:
            return 0, FOREVER
        last = entries[-1].time
        spans = (at - last) // span
        worth = _limited(points * spans, limit)
        is_full = limit is not None and abs(points) * spans >= limit
        return worth, FOREVER if is_full else last + (spans + 1) * span

    # An event begins the span anew.
    return Rule(source.specs, level, reach=(0,), next_loss=source.next_loss)
