"""last value of: a property of the latest event; prediction: the latest value from a named model."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.segments import windows
from functions.core.segments.language import fields, filter_fields, formatting
from functions.core.segments.language.fields import EVENTS, WINDOW
from functions.core.segments.language.filter_fields import WHERE
from functions.core.segments.operator import Condition, Field, Node, Operator, Problem, Verdict, View
from functions.core.segments.parts import measures
from functions.core.segments.parts.sealed import capped
from functions.core.segments.parts.source import EntrySource
from functions.core.segments.priced import is_money
from functions.core.segments.windows import Window
from functions.core.timelines.entry import statement
from functions.core.timelines.filters import comparison

PREDICTED = "Prediction Made"


def _source(node: Node) -> EntrySource:
    if node["op"] == "prediction":
        model = {"property": "model", "compare": "=", "value": node["model"]}
        return EntrySource({"events": [PREDICTED], "where": model}, said="value")
    span = windows.window(node)
    keep = None if span.near else 1
    return EntrySource(node, said=node["property"], keep=keep, horizon=span.far, **windows.calendar(node))


def _test(node: Node) -> Callable[[Any], bool]:
    if node["compare"] in ("exists", "missing"):
        return lambda value: True
    return comparison(node["compare"], node["value"])


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    source, test, sign = _source(node), _test(node), -1 if node["compare"] == "missing" else 1
    span = windows.window(node)
    if span.near:
        return Condition(source.specs, _between(source, span, test, sign))

    def verdict(view: View) -> Instant:
        entries = source.entries(view)
        if not entries or not test(statement(entries[-1])):
            return -FOREVER * sign
        end = FOREVER if span.far is None else entries[-1].time + span.far
        return end * sign if end > view.now else -FOREVER * sign

    return Condition(source.specs, verdict)


def _between(source: EntrySource, span: Window, test: Callable[[Any], bool], sign: int) -> Verdict:
    """The verdict for a window that ends before now: the latest value in it, as events enter and leave it."""

    def verdict(view: View) -> Instant:
        entries = source.entries(view)
        times = [entry.time for entry in entries]

        def holds(now: int) -> bool:
            low, high = span.times(times, now)
            return high > low and test(statement(entries[high - 1]))

        return sign * windows.first_change(span.changes(times, view.now), holds, view.now)

    return verdict


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    source, span = _source(node), windows.window(node)
    times = [entry.time for entry in source.entries(view)]
    latest = span.times(times, view.now)[1] if span.near else len(times)
    return {
        "said": times[latest - 1] if latest else None,
        **(measures.currency_fact(node) if is_money(node.get("property")) else {}),
        **(capped(view, *source.specs) if span.near else {}),
    }


def _check(node: Node) -> Iterator[Problem]:
    yield from windows.check(node)
    yield from measures.no_amount(node)
    yield from (Problem(node, "value", message, hint) for message, hint in filter_fields.agreement(node))


def _text(node: Node) -> str:
    head = f"last value of {measures.property_text(node)} over {formatting.events_text(node['events'])}"
    return f"{head}{formatting.clauses(node)} {formatting.compared(node)}"


def _sentence(node: Node) -> str:
    head = f"whose last {measures.property_words(node)} of {formatting.events_words(node['events'])}"
    return f"{head}{formatting.clauses_words(node)} {formatting.comparison_sentence(node)}"


OPERATORS = (
    Operator(
        key="last value",
        title="last value of",
        meaning="Compares what the latest of the events says of a property. Events without the property, or "
        "with null, are passed over; outside the window there is none, and `between F and N ago` asks for "
        "the latest in it. Without one only `missing` holds. Otherwise comparisons are those of a filter. Amounts "
        "count in the shop's currency, or in the one that is said (`in USD`).",
        examples=(
            'last value of category over "Product Viewed" = "Shoes"',
            'last value of total over "Order Completed" where currency = "EUR" within 30 days >= 100',
            'last value of total in USD over "Order Completed" > 50',
            'last value of coupon over "Order Completed" within 90 days missing',
            'last value of plan over "Plan Chosen" between 60 days and 30 days ago = "pro"',
        ),
        grammar=rf"""
last_value: _with? "last value of" property in_currency? "over" events clause* "that"? comparison
    | _WHOSE_LAST property in_currency? "of" events clause* comparison
_WHOSE_LAST.2: /whose\s+last(?=\s+(?:{formatting.PATH}|{formatting.STRING})(?:\s+in\s+[a-z]{{3}})?\s+of\b)/i
""",
        leaves=("last_value",),
        rules={"last_value": lambda parts: {"op": "last value", **measures.named(parts)}},
        text=_text,
        sentence=_sentence,
        fields={
            "property": Field(fields.single_path, required=True),
            "events": EVENTS,
            "where": WHERE,
            **WINDOW,
            "compare": Field(fields.compare, required=True),
            "value": Field(fields.scalars),
            "currency": Field(fields.currency),
        },
        compile=_compile,
        check=_check,
        explain=_explain,
    ),
    Operator(
        key="prediction",
        title="prediction",
        meaning="Compares the number that a model said last: the `value` of the latest “Prediction Made” "
        "whose `model` is the name. Who has no prediction satisfies no comparison.",
        examples=("prediction churn > 0.8", 'prediction "next order" <= 14'),
        grammar=rf"""
prediction: (_have? "prediction" | _WHOSE_PREDICTION) property compared_number
_WHOSE_PREDICTION.2: /whose\s+prediction{formatting.NAMED_NEXT}/i
""",
        leaves=("prediction",),
        rules={"prediction": lambda parts: {"op": "prediction", "model": parts[0], **parts[1]}},
        text=lambda node: f"prediction {formatting.path(node['model'])} {formatting.compared(node)}",
        sentence=lambda node: (
            f"whose prediction {formatting.value_words(node['model'])} {formatting.comparison_sentence(node)}"
        ),
        fields={
            "model": Field(fields.text, required=True),
            "compare": measures.FIELDS["compare"],
            "value": measures.FIELDS["value"],
        },
        compile=_compile,
        explain=_explain,
    ),
)
