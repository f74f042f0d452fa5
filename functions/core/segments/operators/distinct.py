"""distinct count of: how many different values of a property the events have."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from functions.core.instants import Instant
from functions.core.segments import measures, windows
from functions.core.segments.filters import COMPARISONS, constant
from functions.core.segments.operator import Condition, Node, Operator, View
from functions.core.segments.source import Source


def _source(node: Node) -> Source:
    return Source(node, by=node["property"], keep=None, horizon=windows.window(node).far, **windows.calendar(node))


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    source, span = _source(node), windows.window(node)
    compare, threshold = COMPARISONS[node["compare"]], constant(node["value"])

    def verdict(view: View) -> Instant:
        times = [entry.time for entry in source.entries(view)]

        def holds(at: int) -> bool:
            low, high = span.times(times, at)
            return compare(Decimal(high - low), threshold)

        return windows.first_change(span.changes(times, view.now), holds, view.now)

    return Condition(source.specs, verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    source = _source(node)
    low, high = windows.window(node).times([entry.time for entry in source.entries(view)], view.now)
    return {"distinct": high - low, **measures.capped(view, *source.specs)}


OPERATORS = (
    Operator(
        key="distinct",
        title="distinct count of",
        meaning="Counts the different values of a property: text and numbers, where 5 and “5” are one; true, false, "
        "empty text and what is missing are none. Of several members (`products[].category`) each counts. There is no "
        "`between F and N ago`: only the latest event of each value is remembered, and a window that ended before now "
        "would need them all.",
        examples=(
            'distinct count of category over "Product Viewed" within 30 days >= 3',
            'distinct count of products[].brand over "Order Completed" = 1',
        ),
        grammar='distinct: _have? "distinct count of" property "over" events clause* compared_number\n',
        leaves=("distinct",),
        rules={"distinct": measures.built("distinct")},
        text=lambda node: measures.text("distinct count of", node),
        sentence=lambda node: measures.sentence("have a distinct count of", node),
        fields={name: field for name, field in measures.FIELDS.items() if name != "between"},
        compile=_compile,
        check=windows.check,
        explain=_explain,
    ),
)
