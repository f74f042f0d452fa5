"""did: the number of times that events happened."""

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments import windows
from functions.core.segments.language import formatting
from functions.core.segments.language.fields import COUNT, EVENTS, WINDOW
from functions.core.segments.language.filter_fields import WHERE
from functions.core.segments.operator import Condition, Node, Operator, Verdict, View, merged
from functions.core.segments.parts.source import EntrySource
from functions.core.segments.windows import Window
from functions.core.timelines.sealing import Bucket

BOUNDS: Mapping[str, Callable[[int, int], bool]] = {
    "at least": operator.ge,
    "at most": operator.le,
    "exactly": operator.eq,
}
SHOWN = 100


def _bound(node: Node) -> tuple[str, int]:
    ((bound, count),) = node.get("count", {"at least": 1}).items()
    return bound, count


def _source(node: Node) -> EntrySource:
    bound, count = _bound(node)
    span = windows.window(node)
    keep = None if span.near else count if bound == "at least" else count + 1
    return EntrySource(node, keep=keep, horizon=span.far, **windows.calendar(node))


def _reached(source: EntrySource, count: int, window: int | None) -> Verdict:
    """The verdict of "at least ``count`` times", decided by the count-th latest entry."""
    specs = source.specs

    def verdict(view: View) -> Instant:
        entries = source.entries(view)
        if len(entries) < count:
            return -view.coming(specs)
        end = FOREVER if window is None else entries[-count].time + window
        if end <= view.now:
            return -view.coming(specs)
        # More events do not make it false, unless they take some back.
        if not source.is_lasting:
            return min(end, source.next_loss(view))
        return end if window is None or count > 1 else view.unbroken(specs, end, window)

    return verdict


def _between(source: EntrySource, span: Window, passes: Callable[[int], bool]) -> Verdict:
    """The verdict for a window that ends before now, which events both enter and leave as time passes."""

    def verdict(view: View) -> Instant:
        sealed, times = source.sealed(view), [entry.time for entry in source.entries(view)]
        begins, ends = [*(each.opens for each in sealed), *times], [*(each.last for each in sealed), *times]

        def holds(now: int) -> bool:
            return passes(_count(sealed, *span.places(begins, ends, now)))

        return windows.first_change(span.changes(begins, view.now, ends), holds, view.now)

    return verdict


def _count(sealed: Sequence[Bucket], low: int, high: int) -> int:
    """The number of events from one position up to another; the first positions are buckets of several events."""
    buckets = sealed[low:high]
    return high - low - len(buckets) + sum(each.events for each in buckets)


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    bound, count = _bound(node)
    source, span = _source(node), windows.window(node)
    if span.near:
        return Condition(source.specs, _between(source, span, lambda occurrences: BOUNDS[bound](occurrences, count)))
    if bound == "at least":
        return Condition(source.specs, _reached(source, count, span.far), foresees=True)
    more = _reached(source, count + 1, span.far)
    if bound == "at most" or count == 0:
        return Condition(source.specs, lambda view: -more(view), foresees=True)
    enough = _reached(source, count, span.far)
    return Condition(source.specs, lambda view: min(enough(view), -more(view)), foresees=True)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    source, span = _source(node), windows.window(node)
    sealed = source.sealed(view) if source.keep is None else ()
    times = [entry.time for entry in source.entries(view)]
    begins, ends = [*(each.opens for each in sealed), *times], [*(each.last for each in sealed), *times]
    low, high = span.places(begins, ends, view.now)
    occurrences, visible = _count(sealed, low, high), begins[max(low, len(sealed)) : high]
    return {
        "counted": occurrences if source.keep is None else min(occurrences, source.keep),
        "or_more": source.keep is not None and occurrences >= source.keep,
        "times": visible[-min(source.keep or SHOWN, SHOWN) :][::-1],
        **(source.facts(view, span) if source.keep is None else {}),
    }


def _sentence(node: Node) -> str:
    head = node["label"].past if formatting.has_label(node) else f"did {formatting.events_words(node['events'])}"
    return head + formatting.clauses_words(node)


OPERATORS = (
    Operator(
        key="did",
        title="did",
        meaning="Counts events. Without a count, at least once; without `within`, ever. A window `within W` holds the "
        "events with `now - W < t <= now`; `between F and N ago` those with `now - F < t <= now - N`. `since`, `until` "
        "and `between` with two dates (days where the shop is, the last one included) or moments look at the calendar. "
        "`did not X` is short for `not did X`. An order told by two sources counts once.",
        examples=(
            'did "Product Viewed" where category = "Luxury Watches" within 48 hours',
            'did any of ("Store Entered", "Product Viewed") at least 3 times within 7 days',
            'did "Order Completed" exactly 0 times',
            'did "Order Completed" at least 2 times between 60 days and 30 days ago',
            'did "Order Completed" between "2026-11-27" and "2026-11-30"',
            'did "Signed Up" since "2026-01-01T09:00:00+01:00"',
            'did "Order Completed" at most 2 times where total >= 100 and (currency = "EUR" or products[].sku exists)',
        ),
        grammar="""
did: head
did_not: "did not" events clause*
past_did: past
past_did_not: not_done clause*
not_done: negative_events | "did not do" events | "did none of" "(" listed ")"
listed: event ("," event)*
""",
        leaves=("did", "did_not", "past_did", "past_did_not"),
        rules={
            "did": lambda parts: {"op": "did", **parts[0]},
            "did_not": lambda parts: {"op": "not", "of": {"op": "did", **merged(parts)}},
            "listed": lambda parts: {"events": list(parts)},
            "not_done": lambda parts: parts[0],
            "past_did": lambda parts: {"op": "did", **parts[0]},
            "past_did_not": lambda parts: {"op": "not", "of": {"op": "did", **merged(parts)}},
        },
        text=lambda node: f"did {formatting.events_text(node['events'])}{formatting.clauses(node)}",
        sentence=_sentence,
        negation=lambda node: formatting.did_not_words(node) + formatting.clauses_words(node),
        fields={"events": EVENTS, "count": COUNT, "where": WHERE, **WINDOW},
        compile=_compile,
        check=windows.check,
        explain=_explain,
    ),
)
