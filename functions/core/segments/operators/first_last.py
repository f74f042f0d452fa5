"""first, last: when something happened for the first or the last time."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments.language import fields, formatting
from functions.core.segments.language.fields import EVENTS, WITHIN
from functions.core.segments.language.filter_fields import WHERE
from functions.core.segments.operator import Condition, Field, Node, Operator, Problem, Rules, View, merged, seconds
from functions.core.segments.parts.source import EntrySource


def _source(node: Node) -> EntrySource:
    return EntrySource(node, first=node["op"] == "first")


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    source, recent = _source(node), "within" in node
    distance = seconds(node["within"] if recent else node["more than"])

    def verdict(view: View) -> Instant:
        entries = source.entries(view)
        if not entries:
            return -FOREVER
        border = entries[-1].time + distance
        if recent:
            return border if border > view.now else -FOREVER
        return FOREVER if border <= view.now else -border

    return Condition(source.specs, verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    entries = _source(node).entries(view)
    return {"time": entries[-1].time if entries else None}


def _check(node: Node) -> Iterator[Problem]:
    if ("within" in node) == ("more than" in node):
        yield Problem(node, "within", "say either within a span or more than a span ago", "within 30 days")


def _when(node: Node) -> str:
    return f"within {node['within']}" if "within" in node else f"more than {node['more than']} ago"


def _text(node: Node) -> str:
    where = f" where {formatting.where_text(node['where'])}" if "where" in node else ""
    return f"{node['op']} {formatting.events_text(node['events'])}{where} {_when(node)}"


def _sentence(node: Node) -> str:
    when = formatting.within(node) if "within" in node else f" more than {formatting.a_span(node['more than'])} ago"
    return f"{node['op']} {formatting.did_words(node)}{when}"


def _operator(
    key: str, meaning: str, examples: tuple[str, ...], grammar: str = "", rules: Rules | None = None
) -> Operator:
    return Operator(
        key=key,
        title=key,
        meaning=meaning,
        examples=examples,
        grammar=f'''
{key}: "{key}" ("time" | "did")? events when_clause*
past_{key}: "{key}" past_events when_clause*
{grammar}''',
        leaves=(key, f"past_{key}"),
        rules=dict.fromkeys((key, f"past_{key}"), lambda parts: {"op": key, **merged(parts)}) | dict(rules or {}),
        text=_text,
        sentence=_sentence,
        fields={"events": EVENTS, "where": WHERE, "within": WITHIN, "more than": Field(fields.span, looks_back=True)},
        compile=_compile,
        check=_check,
        explain=_explain,
    )


_NOTE = (
    " `more than W ago` is the exact complement of `within W` for somebody who did it at all; who never did it is in "
    "neither."
)

OPERATORS = (
    _operator(
        "first",
        "When it happened for the first time: the earliest telling of any matching event." + _NOTE,
        ('first "Order Completed" within 30 days', 'first "Page Viewed" where name = "Home" more than 1 week ago'),
        grammar="""
?when_clause: where | within | in_the_last | in_the_last_one | more_than
more_than: "more than" (span | a_one) "ago"
""",
        rules={"more_than": lambda parts: {"more than": parts[0]}},
    ),
    _operator(
        "last",
        "When it happened for the last time." + _NOTE,
        ('last "Order Completed" more than 90 days ago', 'last any of ("Email Opened", "Page Viewed") within 4 weeks'),
    ),
)
