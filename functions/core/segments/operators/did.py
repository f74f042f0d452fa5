"""did: how often something happened."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.core.instants import FOREVER, Instant
from functions.core.segments import phrases
from functions.core.segments.fields import COUNT, EVENTS, WHERE, WITHIN
from functions.core.segments.operator import Condition, Node, Operator, Verdict, View, merged, optional_seconds
from functions.core.timeline import TimelineSpec


def _bound(node: Node) -> tuple[str, int]:
    ((bound, count),) = node.get("count", {"at least": 1}).items()
    return bound, count


def _spec(node: Node, keep: int) -> TimelineSpec:
    window = optional_seconds(node.get("within"))
    return TimelineSpec(tuple(node["events"]), node.get("where"), keep=keep, horizon=window)


def _reached(timeline: str, count: int, window: int | None) -> Verdict:
    """At least so many: decided by the count-th latest entry."""

    def verdict(view: View) -> Instant:
        entries = view.entries(timeline)
        if len(entries) < count:
            return -FOREVER
        if window is None:
            return FOREVER
        end = entries[-count].time + window
        return end if end > view.now else -FOREVER

    return verdict


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    bound, count = _bound(node)
    spec = _spec(node, count if bound == "at least" else count + 1)
    window = spec.horizon
    if bound == "at least":
        return Condition((spec,), _reached(spec.id, count, window))
    more = _reached(spec.id, count + 1, window)
    if bound == "at most" or count == 0:
        return Condition((spec,), lambda view: -more(view))
    enough = _reached(spec.id, count, window)
    return Condition((spec,), lambda view: min(enough(view), -more(view)))


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    bound, count = _bound(node)
    asked = count if bound == "at least" else count + 1
    window = optional_seconds(node.get("within"))
    spec = _spec(node, asked)
    times = [entry.time for entry in view.entries(spec.id) if window is None or entry.time > view.now - window]
    return {"counted": min(len(times), asked), "or_more": len(times) >= asked, "times": times[-asked:][::-1]}


def _sentence(node: Node) -> str:
    bound, count = _bound(node)
    often = f" {bound} {count} {'time' if count == 1 else 'times'}" if "count" in node else ""
    return f"did {phrases.events_sentence(node)}{often}{phrases.within(node)}"


OPERATORS = (
    Operator(
        key="did",
        title="did",
        meaning="Counts events. Without a count, at least once; without `within`, ever. A window `within W` holds the "
        "events with `now - W < t <= now`. `did not X` is short for `not did X`. An order told by two sources counts "
        "once.",
        examples=(
            'did "Product Viewed" where category = "Luxury Watches" within 48 hours',
            'did any of ("Store Entered", "Product Viewed") at least 3 times within 7 days',
            'did "Order Completed" exactly 0 times',
            'did "Order Completed" at most 2 times where total >= 100 and (currency = "EUR" or products[].sku exists)',
        ),
        grammar="""
did: head
did_not: "did not" events clause*
""",
        leaves=("did", "did_not"),
        rules={
            "did": lambda parts: {"op": "did", **parts[0]},
            "did_not": lambda parts: {"op": "not", "of": {"op": "did", **merged(parts)}},
        },
        text=lambda node: f"did {phrases.events_text(node['events'])}{phrases.clauses(node)}",
        sentence=_sentence,
        fields={"events": EVENTS, "count": COUNT, "where": WHERE, "within": WITHIN},
        compile=_compile,
        explain=_explain,
    ),
)
