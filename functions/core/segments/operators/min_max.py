"""minimum of, maximum of: the smallest and the largest number of a property over events."""

from collections.abc import Callable
from decimal import Decimal

from functions.core.segments.parts.measures import Compare, Measure, operator
from functions.core.timelines.sealing import Bucket


def _measure(pick: Callable[[Decimal, Decimal], Decimal]) -> Measure:
    def add(so_far: Decimal | None, value: Decimal) -> Decimal:
        return value if so_far is None else pick(so_far, value)

    def passes(so_far: Decimal | None, compare: Compare, threshold: Decimal) -> bool:
        return so_far is not None and compare(so_far, threshold)

    def take(so_far: Decimal | None, bucket: Bucket) -> Decimal | None:
        extremes = [each for each in (bucket.least, bucket.most) if each is not None]
        return add(so_far, pick(*extremes)) if extremes else so_far

    return Measure(None, add, passes, lambda so_far: so_far, take)


_NOTE = (
    " Of no numbers there is none, so no comparison holds. Several members (`products[].price`) of one event count as "
    "their sum."
)

OPERATORS = (
    operator(
        "minimum",
        _measure(min),
        "The smallest number of the events." + _NOTE,
        ('minimum of total over "Order Completed" > 20',),
    ),
    operator(
        "maximum",
        _measure(max),
        "The largest number of the events." + _NOTE,
        ('maximum of total over "Order Completed" where currency = "EUR" within 30 days >= 500',),
    ),
)
