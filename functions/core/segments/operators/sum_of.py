"""sum of: the total of a property over events."""

from decimal import Decimal

from functions.core.segments.language import formatting
from functions.core.segments.operator import Node
from functions.core.segments.parts.measures import Measure, operator, with_verb
from functions.core.timelines.entry import EXACT

SUM = Measure(
    start=Decimal(0),
    add=EXACT.add,
    passes=lambda total, compare, threshold: compare(total, threshold),
    result=lambda total: total,
    take=lambda total, bucket: EXACT.add(total, bucket.total or Decimal(0)),
)

_SUM = operator(
    "sum",
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


def _spent(verb: str, node: Node) -> str:
    """The English with a label's verb: ``spent more than €5,000``."""
    return f"{verb} {formatting.bound(node)}{formatting.clauses_words(node)}"


OPERATORS = (with_verb(_SUM, "spent", "summed bound_number clause*", _spent),)
