"""distinct count of: the number of different values of a property over events."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from functions.core.base.instants import Instant
from functions.core.segments import windows
from functions.core.segments.language import formatting
from functions.core.segments.operator import Condition, Node, Operator, View, merged
from functions.core.segments.parts import measures
from functions.core.segments.parts.sealed import capped
from functions.core.segments.parts.source import EntrySource
from functions.core.timelines.filters import COMPARISONS, constant


def _source(node: Node) -> EntrySource:
    return EntrySource(node, by=node["property"], keep=None, horizon=windows.window(node).far, **windows.calendar(node))


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
    return {"distinct": high - low, **capped(view, *source.specs)}


def _sentence(node: Node) -> str:
    """The English: ``viewed a product with at least 3 different product_id``.

    That form implies that the person did it at all, so it is not used where zero values satisfy the comparison.
    """
    if node["compare"] not in formatting.BOUNDS:
        return measures.sentence("distinct count of", node)
    bound = formatting.bound(node).replace("less", "fewer")
    different = f"{bound} different {formatting.path_words(node['property'])}"
    if formatting.has_label(node) and not COMPARISONS[node["compare"]](Decimal(0), constant(node["value"])):
        return f"{node['label'].past} with {different}{formatting.clauses_words(node)}"
    return f"have {different} over {formatting.events_words(node['events'])}{formatting.clauses_words(node)}"


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
        grammar="""
distinct: _with? "distinct count of" property "over" events clause* compared_number
different: "have" bound_number "different" property "over" events clause*
past_different: past_events "with" bound_number "different" property clause*
""",
        leaves=("distinct", "different", "past_different"),
        rules={
            "distinct": measures.built("distinct"),
            "different": lambda parts: {"op": "distinct", "property": parts[1], **merged([parts[0], *parts[2:]])},
            "past_different": lambda parts: {
                "op": "distinct",
                "property": parts[2],
                **merged([*parts[:2], *parts[3:]]),
            },
        },
        text=lambda node: measures.text("distinct count of", node),
        sentence=_sentence,
        fields={name: field for name, field in measures.FIELDS.items() if name != "between"},
        compile=_compile,
        check=windows.check,
        explain=_explain,
    ),
)
