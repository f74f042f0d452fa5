"""of the last N … followed by …: how many of the latest N events were followed by another."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.base.spelling import nearest
from functions.core.segments.language import fields, filter_fields, formatting
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
    View,
    merged,
    optional_seconds,
)
from functions.core.segments.parts.sealed import capped
from functions.core.segments.parts.source import EntrySource, occurrences
from functions.core.timelines.entry import Entry

WORDS = ("all", "none")
_HOW_MANY = {
    "oneOf": [
        {"enum": list(WORDS)},
        {
            "type": "object",
            "properties": {"at least": {"type": "integer", "minimum": 1}},
            "required": ["at least"],
            "additionalProperties": False,
        },
    ]
}


def _can_be_both(node: Node) -> bool:
    """True if one event can be both one of the latest and the event that follows."""
    return not set(event_names(node["events"])).isdisjoint(event_names(node["followed"]["events"]))


def _sources(node: Node) -> tuple[EntrySource, EntrySource]:
    answer, by = node["followed"], node.get("by")
    keys = occurrences(node, answer)
    # If one event can be both, entries must identify their event.
    whole = _can_be_both(node)
    return (
        EntrySource(node, occurrence=keys, group=by, keep=node["last"], whole=whole),
        EntrySource(answer, occurrence=keys, group=by, keep=None, whole=whole),
    )


def _answered(latest: Sequence[Entry], answers: Sequence[Entry], span: int | None, whole: bool) -> int:
    """The number of latest entries that another event with the same key follows in time.

    Only entries with full identities (``whole``) can be the same event; otherwise the two have no event name in common.
    """
    times: dict[Any, list[int]] = defaultdict(list)
    for answer in answers:
        times[answer.value].append(answer.time)
    themselves = {(answer.time, answer.identity, answer.value) for answer in answers if whole}

    def followed(entry: Entry) -> bool:
        answer_times = times.get(entry.value, [])
        end = FOREVER if span is None else entry.time + span
        count = bisect_right(answer_times, end) - bisect_left(answer_times, entry.time)
        return count > ((entry.time, entry.identity, entry.value) in themselves)

    return sum(map(followed, latest))


def _counts(node: Node, view: View, first: EntrySource, second: EntrySource) -> tuple[int, int]:
    """The number of latest events, and the number of them that were followed."""
    latest = first.entries(view)[-node["last"] :]
    span = optional_seconds(node.get("within"))
    return len(latest), _answered(latest, second.entries(view), span, _can_be_both(node))


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    many, last, sources = node["many"], node["last"], _sources(node)
    least = many["at least"] if isinstance(many, Mapping) else last if many == "all" else 0

    def verdict(view: View) -> Instant:
        latest, answered = _counts(node, view, *sources)
        holds_now = (latest == last and not answered) if many == "none" else answered >= least
        return FOREVER if holds_now else -FOREVER

    return Condition(tuple(spec for source in sources for spec in source.specs), verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    sources = _sources(node)
    latest, answered = _counts(node, view, *sources)
    return {"latest": latest, "followed": answered, **capped(view, *sources[1].specs)}


def _many(value: Any) -> Iterator[tuple[str, str | None]]:
    if isinstance(value, Mapping) and list(value) == ["at least"]:
        yield from fields.count(value)
    elif not isinstance(value, str) or value not in WORDS:
        yield 'must be "all", "none" or {"at least": n}', nearest(value, WORDS)


def _check(node: Node) -> Iterator[Problem]:
    if isinstance(node["many"], Mapping) and node["many"]["at least"] > node["last"]:
        message = f"can never hold: there are not {node['many']['at least']} among the last {node['last']}"
        yield Problem(node, "many", message, f"at least {node['last']}")


def _how_many(node: Node) -> str:
    return node["many"] if isinstance(node["many"], str) else f"at least {node['many']['at least']}"


def _text(node: Node) -> str:
    text = f"{_how_many(node)} of the last {node['last']} {formatting.step_text(node)}"
    text += f" followed by {formatting.step_text(node['followed'])}"
    if "by" in node:
        text += f" by {formatting.path(node['by'])}"
    return text + (f" within {node['within']}" if "within" in node else "")


def _sentence(node: Node) -> str:
    answer, some = node["followed"], _share(node)
    if _is_said(node, answer):
        labelled = {name: value for name, value in node.items() if name != "by" or value != node["label"].joined}
        return f"{answer['label'].of} {some} of their last {node['last']} {node['label'].several}{_rest(labelled)}"
    head = f"have {some} of their last {node['last']} {formatting.step_words(node)}"
    return f"{head} followed by {formatting.step_words(answer)}{_rest(node)}"


def _is_said(node: Node, answer: Node) -> bool:
    """True if the labels express the whole condition.

    A noun such as "e-mails" implies that the two events are joined by a property, so it cannot stand for a condition
    without ``by``.
    """
    if "label" not in node or "label" not in answer or "where" in node or "where" in answer:
        return False
    return bool(node["label"].several and answer["label"].of and ("by" in node or not node["label"].joined))


def _share(node: Node) -> str:
    return "each" if node["many"] == "all" else _how_many(node)


def _rest(node: Node) -> str:
    return formatting.same(node) + (f" within {node['within']}" if "within" in node else "")


def _built_of_done(parts: Sequence[Any]) -> dict[str, Any]:
    answer, many, last, first, *clauses = parts
    joined = {"by": first["joined"]} if "joined" in first else {}
    return joined | _built([many, last, {"events": first["events"]}, answer, *clauses])


def _built(parts: Sequence[Any]) -> dict[str, Any]:
    many, last, first, answer, *clauses = parts
    return {"op": "followed", **many, "last": last, **first, "followed": answer, **merged(clauses)}


OPERATORS = (
    Operator(
        key="followed",
        title="all, none, at least k of the last … followed by …",
        meaning="Looks at the latest N of an event: how many have another event at or after them, of the "
        "same value of the key with `by`, at most `within` later. `all` and `none` ask that there "
        "are N at all. Events without the key are left out.",
        examples=(
            'all of the last 5 "Email Delivered" followed by "Email Opened" by cause',
            'none of the last 10 "Email Delivered" where campaign_name = "news" followed by '
            'any of ("Email Opened", "Email Link Clicked") by cause within 7 days',
            'at least 2 of the last 3 "Cart Viewed" followed by "Order Completed" where total > 20 within 1 day',
        ),
        grammar="""
followed: how_many whole step "followed by" step followed_clause*
?how_many: all_of | none_of | some_of
all_of: "all of the last" | "have each of their last" | "each of their last"
none_of: "none of the last" | "have none of their last" | "none of their last"
some_of: "have"? _SOME whole _of_the_last
_of_the_last: "of the last" | "of their last"
_SOME.3: /at\\s+least(?=\\s+\\d+\\s+of\\b)/i
whole: NUMBER
?followed_clause: within | by
done_followed: done_to how_many whole several followed_clause*
""",
        leaves=("followed", "done_followed"),
        rules={
            "followed": _built,
            "done_followed": _built_of_done,
            "all_of": lambda parts: {"many": "all"},
            "none_of": lambda parts: {"many": "none"},
            "some_of": lambda parts: {"many": {"at least": parts[0]}},
        },
        text=_text,
        sentence=_sentence,
        fields={
            "many": Field(Check(_many, _HOW_MANY), required=True),
            "last": Field(fields.whole, required=True),
            "events": EVENTS,
            "where": WHERE,
            "followed": Field(filter_fields.step, required=True),
            "by": Field(fields.single_path),
            "within": WITHIN,
        },
        compile=_compile,
        check=_check,
        explain=_explain,
    ),
)
