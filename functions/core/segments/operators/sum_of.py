"""sum of: the total of a property over events."""

from dataclasses import replace
from decimal import Decimal

from functions.core.segments import measures, phrases
from functions.core.segments.event_labels import summand
from functions.core.segments.measures import Measure, operator
from functions.core.segments.operator import Node, merged
from functions.core.timeline import EXACT

SUM = Measure(
    start=Decimal(0),
    add=EXACT.add,
    passes=lambda total, compare, threshold: compare(total, threshold),
    result=lambda total: total,
    take=lambda total, bucket: EXACT.add(total, bucket.total or Decimal(0)),
)

_SPENT = """
spent: summed bound_number clause*
?bound_number: "more than" number -> is_more
    | "less than" number -> is_less
    | "fewer than" number -> is_less
    | "at least" number -> is_least
    | "at most" number -> is_most
    | "exactly" number -> is_equal
"""
_SUM = operator(
    "sum",
    "a",
    SUM,
    "Adds up a number of the events, exactly; amounts of money are in major units (`> 5000` is 5000.00). "
    "An event whose property is missing or not a number adds nothing; of nothing the sum is 0. Of several members "
    "(`products[].quantity`) an event adds all. `sum of net total` over named events takes off what was paid back "
    "of each occurrence that counts, by the refunds that the definition names: in the window are the occurrences, "
    "paid back is what was so by now. Averages, minima and maxima take `net`, too.",
    (
        'sum of total over "Order Completed" within 180 days > 5000',
        'sum of products[].quantity over "Order Completed" where currency = "EUR" <= 12.5',
        'sum of total over "Order Completed" between 60 days and 30 days ago >= 100',
        "sum of net total over bought within 365 days > 500",
    ),
)


def _spent(node: Node) -> str:
    """``spent more than €5,000``, where the events have a verb for it."""
    asked = {name: node[name] for name in ("property", "net") if name in node}
    known = node["label"].sum.items() if "label" in node else ()
    verb = next((verb for path, verb in known if summand(path) == asked), None)
    if verb is None or "currency" in node or node["compare"] not in phrases.BOUNDS:
        return measures.sentence("have a sum of", node)
    bound = phrases.BOUNDS[node["compare"]]
    return f"{verb} {bound} {phrases.number_words(node['value'], node.get('sign', ''))}{phrases.clauses_words(node)}"


OPERATORS = (
    replace(
        _SUM,
        grammar=_SUM.grammar + _SPENT,
        leaves=(*_SUM.leaves, "spent"),
        rules={**_SUM.rules, "spent": lambda parts: {"op": "sum", **merged(parts)}},
        sentence=_spent,
    ),
)
