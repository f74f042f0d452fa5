"""rfm: the fifth of all customers that a person is in by recency, frequency or value of orders."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from functions.core.base.instants import FOREVER, Instant
from functions.core.base.spelling import nearest
from functions.core.scores import rfm
from functions.core.segments.language import fields, formatting
from functions.core.segments.operator import Check, Condition, Field, Node, Operator, View
from functions.core.timelines.filters import COMPARISONS


def _compile(node: Node, children: Sequence[Condition]) -> Condition:
    """Compile the node; false without borders, but its timelines are kept, since borders are computed from them."""
    money, bought = _asked(node)
    specs = rfm.specs(money, bought)
    if "borders" not in node:
        return Condition(specs, lambda view: -FOREVER)
    compare = COMPARISONS[node["compare"]]

    def verdict(view: View) -> Instant:
        group = rfm.place(node["measure"], node["borders"], node.get("drawn", 0), rfm.orders(view, money, bought))
        return FOREVER if group is not None and compare(group, node["value"]) else -FOREVER

    return Condition(specs, verdict)


def _asked(node: Node) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The currency settings for amounts, and the definition of the events that count as orders."""
    return node.get("money", {}), node.get("orders", rfm.BOUGHT)


def unknown(node: Node) -> str | None:
    """The reason why no profile has a fifth yet; None if borders exist."""
    if "borders" in node:
        return None
    if "people" not in node:
        return "nobody is in a fifth yet: the night draws them for the first time"
    have = "customer has" if node["people"] == 1 else "customers have"
    return f"nobody is in a fifth: {node['people']} {have} ordered, and {rfm.LEAST} are needed to tell fifths"


def _explain(node: Node, view: View) -> Mapping[str, Any]:
    customer, why = rfm.orders(view, *_asked(node)), unknown(node)
    facts: dict[str, Any] = {"orders": 0}
    if customer is not None:
        facts = {"orders": customer.frequency, "time": customer.last, "days": customer.days(view.now)}
        facts["paid"] = f"{customer.monetary:f}"
        facts |= {"currency": node["money"]["base"]} if "money" in node else {}
    if why is not None:
        return facts | {"group": None, "unknown": why}
    facts["group"] = rfm.place(node["measure"], node["borders"], node.get("drawn", 0), customer)
    facts["borders"] = list(node["borders"])
    return facts | ({"drawn": node["drawn"]} if "drawn" in node else {})


def _measure(value: Any) -> Iterator[tuple[str, str | None]]:
    if value not in rfm.MEASURES:
        yield f"is one of {', '.join(rfm.MEASURES)}", nearest(value, rfm.MEASURES)


def _group(value: Any) -> Iterator[tuple[str, str | None]]:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= rfm.GROUPS:
        yield f"a group is a whole number from 1 to {rfm.GROUPS}, the best", None


# Names for fifths, each with the comparison that it stands for; other comparisons are written with numbers.
RANKS = {
    **{"best fifth": ("=", 5), "best two fifths": (">=", 4), "best three fifths": (">=", 3)},
    **{"best four fifths": (">=", 2), "second-best fifth": ("=", 4), "middle fifth": ("=", 3)},
    **{"second-worst fifth": ("=", 2), "worst fifth": ("=", 1), "worst two fifths": ("<=", 2)},
    **{"worst three fifths": ("<=", 3), "worst four fifths": ("<=", 4)},
}
_WORDS = {"recency": "recency", "frequency": "frequency", "monetary": "monetary value"}


def _place(node: Node) -> str:
    """The English for the fifths that a node accepts: ``the best two fifths of customers by recency``."""
    asked, by = (node["compare"], node["value"]), _WORDS[node["measure"]]
    rank = next((words for words, rank_range in RANKS.items() if rank_range == asked), None)
    return (
        f"the {rank} of customers by {by}" if rank else f"a fifth by {by} that {formatting.comparison_sentence(node)}"
    )


def _ranked(parts: Sequence[Any]) -> dict[str, Any]:
    compare, value = RANKS[" ".join(parts[0].lower().split())]
    return {"op": "rfm", **parts[1], "compare": compare, "value": value}


def _compared(parts: Sequence[Any]) -> dict[str, Any]:
    return {"op": "rfm", **parts[0], **parts[1]}


def _not(build: Callable[[Sequence[Any]], dict[str, Any]]) -> Callable[[Sequence[Any]], dict[str, Any]]:
    return lambda parts: {"op": "not", "of": build(parts)}


def _named(measure: str) -> Callable[[Sequence[Any]], dict[str, Any]]:
    return lambda parts: {"measure": measure}


OPERATORS = (
    Operator(
        key="rfm",
        title="rfm",
        meaning="Compares the fifth of all customers in which somebody is: by `recency` (whole days since the last "
        "order), `frequency` (orders) or `monetary` (what was paid, less what was paid back, in the shop's "
        "currency). 5 is the best fifth, 1 the worst; who never ordered is in none. What an order is, the definition "
        "`bought` of events says: as it is shipped, orders at the till count too, and one that was cancelled or paid "
        "back as a whole counts as none. The borders between the fifths come from everybody every night: until the "
        f"first night, and with fewer than {rfm.LEAST} customers, the condition does not hold and `explain` says why. "
        "Whoever has just what ends a fifth belongs to the better one, but one order is never often. Everybody grows "
        "older alike, so time alone moves nobody: orders do, and the next night.",
        examples=("rfm recency >= 4", "rfm frequency = 5", "rfm monetary <= 2"),
        grammar=rf"""
rfm: ("rfm" | "are in a fifth by") rfm_measure compared_number
rfm_not: "are not in a fifth by" rfm_measure compared_number
rfm_rank: "are in the" FIFTHS "of customers by" rfm_measure
rfm_not_rank: "are not in the" FIFTHS "of customers by" rfm_measure
rfm_measure: "recency" -> rfm_recency
    | "frequency" -> rfm_frequency
    | ("monetary" | "monetary value") -> rfm_monetary
FIFTHS: /(?:{"|".join(RANKS).replace(" ", "[ ]+")})\b/i
""",
        leaves=("rfm", "rfm_not", "rfm_rank", "rfm_not_rank"),
        rules={
            **{"rfm": _compared, "rfm_not": _not(_compared), "rfm_rank": _ranked, "rfm_not_rank": _not(_ranked)},
            **{f"rfm_{measure}": _named(measure) for measure in rfm.MEASURES},
        },
        text=lambda node: f"rfm {node['measure']} {formatting.compared(node)}",
        sentence=lambda node: f"are in {_place(node)}",
        negation=lambda node: f"are not in {_place(node)}",
        fields={
            "measure": Field(Check(_measure, {"enum": list(rfm.MEASURES)}), required=True),
            "compare": Field(fields.number_compare, required=True),
            "value": Field(Check(_group, {"type": "integer", "minimum": 1, "maximum": rfm.GROUPS}), required=True),
        },
        compile=_compile,
        explain=_explain,
        terminals={"FIFTHS": tuple(RANKS)},
    ),
)
