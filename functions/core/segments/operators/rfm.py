"""rfm: somebody's place among all customers by recency, frequency or value of their orders."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from functions.core.instants import FOREVER, Instant
from functions.core.scores import rfm
from functions.core.segments import fields, phrases
from functions.core.segments.filters import COMPARISONS
from functions.core.segments.operator import Condition, Field, Node, Operator, View


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    """False without borders; the timelines are kept all the same, for the borders come from them."""
    if "borders" not in node:
        return Condition(rfm.SPECS, lambda view: -FOREVER)
    compare = COMPARISONS[node["compare"]]

    def verdict(view: View) -> Instant:
        group = rfm.place(node["measure"], node["borders"], node.get("drawn", 0), view)
        return FOREVER if group is not None and compare(group, node["value"]) else -FOREVER

    return Condition(rfm.SPECS, verdict)


def unknown(node: Node) -> str | None:
    """Why it cannot be told in which fifth anybody is; None where it can."""
    if "borders" in node:
        return None
    if "people" not in node:
        return "nobody is in a fifth yet: the night draws them for the first time"
    have = "customer has" if node["people"] == 1 else "customers have"
    return f"nobody is in a fifth: {node['people']} {have} ordered, and {rfm.LEAST} are needed to tell fifths"


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    found, why = rfm.orders(view), unknown(node)
    facts: dict[str, Any] = {"orders": 0}
    if found is not None:
        facts = {"orders": found.frequency, "time": found.last, "days": found.days(view.now)}
        facts["paid"] = f"{found.monetary:f}"
    if why is not None:
        return facts | {"group": None, "unknown": why}
    facts["group"] = rfm.place(node["measure"], node["borders"], node.get("drawn", 0), view)
    facts["borders"] = list(node["borders"])
    return facts | ({"drawn": node["drawn"]} if "drawn" in node else {})


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
        "currencies are added as they are). 5 is the best fifth, 1 the worst; who never ordered is in none, and an "
        "order that was cancelled or paid back as a whole counts as none. Orders at the till count too. The borders "
        "between the fifths come from everybody every night: until the "
        f"first night, and with fewer than {rfm.LEAST} customers, the condition does not hold and `explain` says why. "
        "Whoever has just what ends a fifth belongs to the better one, but one order is never often. Everybody grows "
        "older alike, so time alone moves nobody: orders do, and the next night.",
        examples=("rfm recency >= 4", "rfm frequency = 5", "rfm monetary <= 2"),
        grammar="""
rfm: ("rfm" | "are in a fifth by") rfm_measure compared_number
rfm_measure: "recency" -> rfm_recency
    | "frequency" -> rfm_frequency
    | "monetary" -> rfm_monetary
""",
        leaves=("rfm",),
        rules={
            "rfm": lambda parts: {"op": "rfm", **parts[0], **parts[1]},
            **{f"rfm_{measure}": _named(measure) for measure in rfm.MEASURES},
        },
        text=lambda node: f"rfm {node['measure']} {phrases.compared(node)}",
        sentence=lambda node: f"are in a fifth by {node['measure']} that {phrases.said(node)}",
        fields={
            "measure": Field(_measure, required=True, schema={"enum": list(rfm.MEASURES)}),
            "compare": Field(fields.number_compare, required=True),
            "value": Field(_group, required=True, schema={"type": "integer", "minimum": 1, "maximum": rfm.GROUPS}),
        },
        compile=_compile,
        explain=_explain,
    ),
)
