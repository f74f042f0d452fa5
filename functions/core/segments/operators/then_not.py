"""did … then not …: an event that no other event followed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments.language import fields, filter_fields
from functions.core.segments.language.fields import EVENTS, WITHIN
from functions.core.segments.language.filter_fields import WHERE
from functions.core.segments.language.named import event_names
from functions.core.segments.operator import (
    Check,
    Condition,
    Field,
    Node,
    Operator,
    Problem,
    Verdict,
    View,
    optional_seconds,
    seconds,
)
from functions.core.segments.parts import absence_words, emptied
from functions.core.segments.parts.sealed import capped
from functions.core.segments.parts.source import EntrySource
from functions.core.timelines.entry import Entry
from functions.core.timelines.exchange import counting
from functions.core.timelines.spec import TimelineSpec

_key = attrgetter("key")


class _Parts(NamedTuple):
    """The timelines that the condition reads.

    first    the events that begin it
    second   the events that answer it, by key
    unkeyed  answers without a key, with ``if given``
    filled   the steps of carts, with ``unless``
    """

    first: EntrySource
    second: TimelineSpec
    unkeyed: TimelineSpec | None
    filled: TimelineSpec | None

    @property
    def specs(self) -> tuple[TimelineSpec, ...]:
        """All timelines."""
        return (*self.first.specs, self.second, *(spec for spec in (self.unkeyed, self.filled) if spec))


def _parts(node: Node) -> _Parts:
    """The timelines of a node.

    An event that was taken back, such as a cancelled order, does not begin anything, but still counts as an answer: who
    ordered and returned the goods did not abandon the cart.
    """
    by, answer, window = node.get("by"), node["not"], optional_seconds(node.get("within"))
    keep, names, where = (None if by else 1), event_names(answer["events"]), answer.get("where")
    answers = TimelineSpec(names, where, horizon=window, money=counting(answer))
    unkeyed = replace(answers, without=by) if node.get("if given") else None
    second = replace(answers, by=by, keep=keep)
    return _Parts(EntrySource(node, by=by, keep=keep, horizon=window), second, unkeyed, _carts(node))


def _latest(entries: Sequence[Entry], by: str | None) -> dict[int, int]:
    """The latest time (seconds UTC) by key; without a key property everything is under 0."""
    if by is None:
        return {0: entries[-1].time} if entries else {}
    return {entry.key: entry.time for entry in entries}


def _answers(parts: _Parts, by: str | None, started: Mapping[int, int], view: View) -> dict[int, int]:
    """The latest answer to each key that was begun; an answer without a key answers all of them."""
    answered = _latest(view.entries(parts.second.id), by)
    unkeyed = view.entries(parts.unkeyed.id) if parts.unkeyed else ()
    if not unkeyed:
        return answered
    return {key: max(unkeyed[-1].time, answered.get(key, -FOREVER)) for key in started}


def _verdict(parts: _Parts, by: str | None, delay: int, window: int | None) -> Verdict:
    def one(start: int, answer: int | None, now: int) -> Instant:
        end = FOREVER if window is None else start + window
        if end <= now or (answer is not None and answer >= start):
            return -FOREVER
        return end if start + delay <= now else -(start + delay)

    def verdict(view: View) -> Instant:
        started = _latest(parts.first.entries(view), by)
        answered = _answers(parts, by, started, view)
        answers = {key: one(at, answered.get(key), view.now) for key, at in started.items()}
        best = emptied.best(answers, view, parts.filled, partial(_changes, parts, by, view))
        if best > 0:
            return best
        waits = any(each != -FOREVER for each in answers.values())
        return max(best, -_begins(parts, delay, view, waits=waits))

    return verdict


def _changes(parts: _Parts, by: str | None, view: View, key: int) -> int:
    """When the next event comes that may begin the key anew, answer it, or fill or empty its cart."""
    if by is None:
        return view.coming(parts.specs)
    return min(
        *(view.coming_of(spec, _key, key) for spec in (*parts.first.specs, parts.second)),
        view.coming((parts.unkeyed,)) if parts.unkeyed else FOREVER,
        emptied.coming(view, parts.filled, key) if parts.filled else FOREVER,
    )


def _begins(parts: _Parts, delay: int, view: View, *, waits: bool) -> int:
    """When events to come may make it true at the earliest: ``delay`` seconds after one that begins it.

    If a key ``waits``, or its cart is empty, filling the cart may do so, too. An answer may only if the timeline holds
    so many that others are no longer kept.
    """
    filled = view.coming((parts.filled,)) if waits and parts.filled else FOREVER
    return min(view.coming(parts.first.specs) + delay, filled, view.coming_of(parts.second, _key, None))


def _carts(node: Node) -> TimelineSpec | None:
    """The timeline of events that fill and empty carts, if the condition asks for it."""
    return emptied.spec(node["by"], optional_seconds(node.get("within"))) if "unless" in node else None


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    parts, window = _parts(node), optional_seconds(node.get("within"))
    verdict = _verdict(parts, node.get("by"), seconds(node["for"]), window)
    # What takes a beginning back may be anything that happens to it: nothing is foreseen then.
    return Condition(parts.specs, verdict, foresees=parts.first.is_lasting)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    parts, by, window = _parts(node), node.get("by"), optional_seconds(node.get("within"))
    started = _latest(parts.first.entries(view), by)
    answered = _answers(parts, by, started, view)
    times = [at for at in started.values() if window is None or at > view.now - window]
    filled = parts.filled
    emptied_at = emptied.emptied(view, filled, started) if filled else dict.fromkeys(started, emptied.UNKNOWN)
    open_ = [(at, emptied_at[key].empty) for key, at in started.items() if answered.get(key, -FOREVER) < at]
    waiting = [at for at, empty in open_ if at in times and not empty]
    return {
        "started": sorted(times, reverse=True)[:10],
        "unanswered": sorted(waiting, reverse=True)[:10],
        **capped(view, *parts.specs),
    }


def _given(value: Any) -> Iterator[tuple[str, str | None]]:
    if value is not True:
        yield "is true, or left out", "true"


def _check(node: Node) -> Iterator[Problem]:
    if "within" in node and seconds(node["within"]) <= seconds(node["for"]):
        message = f"can never hold: within {node['within']} ends before {node['for']} have passed"
        yield Problem(node, "within", message)
    if "unless" in node and "by" not in node:
        yield Problem(node, "unless", "says which carts: by cart_id unless emptied", "by")
    if "if given" in node and "by" not in node:
        yield Problem(node, "if given", "says which key may be missing: by cart_id if given", "by")


def _unless(value: Any) -> Iterator[tuple[str, str | None]]:
    if value != "emptied":
        yield "is emptied, or left out", "emptied"


OPERATORS = (
    Operator(
        key="then not",
        title="did … then not …",
        meaning="Absence after something. For each value of the key (or once, without `by`), looks at the latest of "
        "the first event, inside `within` where given, and holds from `for` after it on if none of the second lies at "
        "or after it. Events of one instant are simultaneous: one at the same second counts as an answer. Events "
        "without the key are left out; with `by … if given` an answer without the key answers every key, as a purchase "
        "that names no cart ends them all. An answer that was taken back (a cancelled order) is one all the same. With "
        "`unless emptied` the key names a cart, and one out of which everything was taken again does not count until "
        "something is put in: what it holds is told by its Product Added, Product Removed, Cart Emptied, Cart Viewed "
        "and checkouts of the last 30 days (or `within`, where that is longer).",
        examples=(
            'did "Checkout Started" then not "Order Completed" for 24 hours by cart_id',
            'did any of ("Product Added", "Checkout Started") where price > 20 then not "Order Completed" '
            "where total > 0 for 1 hour within 7 days",
            'did "Product Added" then not "Order Completed" for 1 hour by cart_id within 7 days unless emptied',
            'did "Product Added" then not bought for 1 hour by cart_id if given within 7 days',
        ),
        grammar="""
then_not: head "then not" events then_clause*
past_then_not: (past | head) "and then" not_done then_clause*
?then_clause: where | within | in_the_last | in_the_last_one | for_span | by | by_if_given | unless_emptied
for_span: "for" (span | a_one)
by: _by property
_by: "by" | "with the same"
by_if_given: _by property _if_given
_if_given: "if given" | "or without one"
unless_emptied: "unless emptied" | "unless it was emptied"
left: started left_clause* "and" "did not" answers where? in_time
?left_clause: where | within | in_the_last | in_the_last_one
answers: ended ("or" ended)*
?in_time: "within" span -> for_span
    | "within" a_one -> for_span
""",
        leaves=("then_not", "past_then_not", "left"),
        rules={
            "then_not": absence_words.built,
            "past_then_not": absence_words.built,
            "left": absence_words.built_of_left,
            "answers": lambda parts: {"answers": list(parts)},
            "for_span": lambda parts: {"for": parts[0]},
            "by": lambda parts: {"by": parts[0]},
            "unless_emptied": lambda parts: {"unless": "emptied"},
            "by_if_given": lambda parts: {"by": parts[0], "if given": True},
        },
        text=absence_words.text,
        sentence=absence_words.sentence,
        fields={
            "events": EVENTS,
            "where": WHERE,
            "not": Field(filter_fields.step, required=True),
            "for": Field(fields.span, required=True, looks_back=True),
            "by": Field(fields.single_path),
            "if given": Field(Check(_given, {"const": True})),
            "within": WITHIN,
            "unless": Field(Check(_unless, {"const": "emptied"})),
        },
        compile=_compile,
        check=_check,
        explain=_explain,
    ),
)
