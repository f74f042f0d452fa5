"""rfm: somebody's place among all customers by recency, frequency or value of their orders."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from functions.core.instants import FOREVER, Instant
from functions.core.scores import rfm
from functions.core.segments import fields, phrases
from functions.core.segments.filters import COMPARISONS
from functions.core.segments.operator import Condition, Field, Node, Operator, View

_WORDS = {"recency": "how lately", "frequency": "how often", "monetary": "for how much"}


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    """False without borders; the timelines are kept all the same, for the borders come from them."""
    if "borders" not in node:
        return Condition(rfm.SPECS, lambda view: -FOREVER)
    compare, measure, borders = COMPARISONS[node["compare"]], node["measure"], node["borders"]

    def verdict(view: View) -> Instant:
        found = rfm.places(measure, borders, view)
        holds = bool(found) and compare(found[0][0], node["value"])
        until = FOREVER
        for group, end in found:
            if compare(group, node["value"]) != holds:
                break
            until = end
        return until if holds else -until

    return Condition(rfm.SPECS, verdict)


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    found = rfm.orders(view)
    if found is None:
        return {"orders": 0}
    facts = {"orders": found.frequency, "time": found.last, "days": found.days(view.now), "paid": f"{found.monetary:f}"}
    if "borders" not in node:
        return facts | {"group": None}
    return facts | {"group": rfm.place(node["measure"], node["borders"], view)[0], "borders": list(node["borders"])}


def _measure(value: Any) -> Iterator[tuple[str, str | None]]:
    if value not in rfm.MEASURES:
        yield f"is one of {', '.join(rfm.MEASURES)}", fields.nearest(value, rfm.MEASURES)


def _group(value: Any) -> Iterator[tuple[str, str | None]]:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= rfm.GROUPS:
        yield f"a group is a whole number from 1 to {rfm.GROUPS}, the best", None


def _named(measure: str) -> Callable[[Sequence[Any]], dict[str, Any]]:
    return lambda parts: {"measure": measure}


OPERATORS = (
    Operator(
        key="rfm",
        title="rfm",
        meaning="Compares the fifth of all customers in which somebody is: by `recency` (whole days since the last "
        "order), `frequency` (orders) or `monetary` (what was paid, less what was paid back; amounts of several "
        "currencies are added as they are). 5 is the best fifth, 1 the worst; who never ordered is in none, and a "
        "cancelled order counts as none. The borders between the fifths come from everybody every night; until the "
        "first night the condition does not hold. Days go on passing between two nights, to the second.",
        examples=("rfm recency >= 4", "rfm frequency = 5", "rfm monetary <= 2"),
        grammar="""
rfm: "rfm" rfm_measure COMPARE number
rfm_measure: "recency" -> rfm_recency
    | "frequency" -> rfm_frequency
    | "monetary" -> rfm_monetary
""",
        leaves=("rfm",),
        rules={
            "rfm": lambda parts: {"op": "rfm", **parts[0], "compare": parts[1], "value": parts[2]},
            **{f"rfm_{measure}": _named(measure) for measure in rfm.MEASURES},
        },
        text=lambda node: f"rfm {node['measure']} {phrases.compared(node)}",
        sentence=lambda node: (
            f"are in a fifth of customers, by {_WORDS[node['measure']]} they ordered, that "
            f"{phrases.compared_sentence(node)} of {rfm.GROUPS}"
        ),
        fields={
            "measure": Field(_measure, required=True, schema={"enum": list(rfm.MEASURES)}),
            "compare": Field(fields.number_compare, required=True),
            "value": Field(_group, required=True, schema={"type": "integer", "minimum": 1, "maximum": rfm.GROUPS}),
        },
        compile=_compile,
        explain=_explain,
    ),
)
