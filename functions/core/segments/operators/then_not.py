"""did … then not …: something that was not followed up."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.core.instants import FOREVER, Instant
from functions.core.segments import fields, measures, phrases
from functions.core.segments.fields import EVENTS, WHERE, WITHIN
from functions.core.segments.named import event_names
from functions.core.segments.operator import (
    Condition,
    Field,
    Node,
    Operator,
    Problem,
    Verdict,
    View,
    merged,
    optional_seconds,
    seconds,
)
from functions.core.timeline import TimelineSpec

_TAIL = {"for", "by", "within"}


def _spec(node: Node, part: Node) -> TimelineSpec:
    by = node.get("by")
    keep, window = (None if by else 1), optional_seconds(node.get("within"))
    return TimelineSpec(event_names(part["events"]), part.get("where"), by=by, keep=keep, horizon=window)


def _latest(view: View, timeline: str, by: str | None) -> dict[int, int]:
    """The latest time by key; without a key everything is under 0."""
    entries = view.entries(timeline)
    if by is None:
        return {0: entries[-1].time} if entries else {}
    return {entry.key: entry.time for entry in entries}


def _verdict(first: str, second: str, by: str | None, delay: int, window: int | None) -> Verdict:
    def one(start: int, answer: int | None, now: int) -> Instant:
        end = FOREVER if window is None else start + window
        if end <= now or (answer is not None and answer >= start):
            return -FOREVER
        return end if start + delay <= now else -(start + delay)

    def verdict(view: View) -> Instant:
        started = _latest(view, first, by)
        answered = _latest(view, second, by)
        return max((one(at, answered.get(key), view.now) for key, at in started.items()), default=-FOREVER)

    return verdict


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    first, second = _spec(node, node), _spec(node, node["not"])
    window = optional_seconds(node.get("within"))
    verdict = _verdict(first.id, second.id, node.get("by"), seconds(node["for"]), window)
    return Condition((first, second), verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    first, second = _spec(node, node), _spec(node, node["not"])
    started = _latest(view, first.id, first.by)
    answered = _latest(view, second.id, first.by)
    window = optional_seconds(node.get("within"))
    times = [at for at in started.values() if window is None or at > view.now - window]
    waiting = [at for key, at in started.items() if at in times and answered.get(key, -FOREVER) < at]
    return {
        "started": sorted(times, reverse=True)[:10],
        "unanswered": sorted(waiting, reverse=True)[:10],
        **measures.capped(view, first, second),
    }


def _check(node: Node) -> Iterator[Problem]:
    if "within" in node and seconds(node["within"]) <= seconds(node["for"]):
        message = f"can never hold: within {node['within']} ends before {node['for']} have passed"
        yield Problem(node, "within", message)


def _built(parts: Sequence[Any]) -> dict[str, Any]:
    first, *rest = parts
    answer = merged([part for part in rest if "events" in part or "where" in part])
    return {"op": "then not", **merged([first, {"not": answer}, *(part for part in rest if part.keys() & _TAIL)])}


def _text(node: Node) -> str:
    head = f"did {phrases.events_text(node['events'])}"
    if "where" in node:
        head += f" where {phrases.where_text(node['where'])}"
    answer = phrases.events_text(node["not"]["events"]) + phrases.clauses(node["not"])
    text = f"{head} then not {answer} for {node['for']}"
    if "by" in node:
        text += f" by {phrases.path(node['by'])}"
    return text + (f" within {node['within']}" if "within" in node else "")


def _sentence(node: Node) -> str:
    same = f" of the same {phrases.readable(node['by'])}" if "by" in node else ""
    return (
        f"did {phrases.events_sentence(node)}{phrases.within(node)} "
        f"and for {node['for']} no {phrases.events_sentence(node['not'])}{same} followed"
    )


OPERATORS = (
    Operator(
        key="then not",
        title="did … then not …",
        meaning="Absence after something. For each value of the key (or once, without `by`), looks at the latest of "
        "the first event, inside `within` where given, and holds from `for` after it on if none of the second lies at "
        "or after it. Events of one instant are simultaneous: one at the same second counts as an answer. Events "
        "without the key are left out.",
        examples=(
            'did "Checkout Started" then not "Order Completed" for 24 hours by cart_id',
            'did any of ("Product Added", "Checkout Started") where price > 20 then not "Order Completed" '
            "where total > 0 for 1 hour within 7 days",
        ),
        grammar="""
then_not: head "then not" events then_clause*
?then_clause: where | within | for_span | by
for_span: "for" span
by: "by" property
""",
        leaves=("then_not",),
        rules={
            "then_not": _built,
            "for_span": lambda parts: {"for": parts[0]},
            "by": lambda parts: {"by": parts[0]},
        },
        text=_text,
        sentence=_sentence,
        fields={
            "events": EVENTS,
            "where": WHERE,
            "not": Field(fields.step, required=True),
            "for": Field(fields.span, required=True, looks_back=True),
            "by": Field(fields.single_path),
            "within": WITHIN,
        },
        compile=_compile,
        check=_check,
        explain=_explain,
    ),
)
