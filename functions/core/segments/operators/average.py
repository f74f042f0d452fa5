"""average of: the mean of a property over events."""

from decimal import Decimal

from functions.core.segments.language import formatting
from functions.core.segments.operator import Node
from functions.core.segments.parts.measures import Compare, Measure, operator, with_verb
from functions.core.timelines.entry import EXACT
from functions.core.timelines.sealing import Bucket

Found = tuple[Decimal, int]


def _add(so_far: Found, value: Decimal) -> Found:
    return EXACT.add(so_far[0], value), so_far[1] + 1


def _take(so_far: Found, bucket: Bucket) -> Found:
    return EXACT.add(so_far[0], bucket.total or Decimal(0)), so_far[1] + bucket.events


def _passes(so_far: Found, compare: Compare, threshold: Decimal) -> bool:
    """Compare the sum with threshold times count, which is exact, unlike a rounded quotient."""
    return so_far[1] > 0 and compare(so_far[0], EXACT.multiply(threshold, so_far[1]))


def _result(so_far: Found) -> Decimal | None:
    return (so_far[0] / so_far[1]).quantize(Decimal("0.0001")) if so_far[1] else None


def _spent(verb: str, node: Node) -> str:
    """The English with a label's verb: ``spent on average at least €75 each time``."""
    return f"{verb} on average {formatting.bound(node)} each time{formatting.clauses_words(node)}"


_AVERAGE = operator(
    "average",
    Measure((Decimal(0), 0), _add, _passes, _result, _take),
    "The mean of a number of the events, compared exactly: `average … = 10` is not met by 9.99. Of no numbers "
    "there is no average, so no comparison holds. Several members (`products[].price`) of one event count "
    "as their sum.",
    (
        'average of total over "Order Completed" within 365 days >= 75',
        'average of rating over "Product Reviewed" where verified = true < 2.5',
    ),
)

_GRAMMAR = 'summed "on average" bound_number "each time" clause*'

OPERATORS = (with_verb(_AVERAGE, "spent_on_average", _GRAMMAR, _spent),)
