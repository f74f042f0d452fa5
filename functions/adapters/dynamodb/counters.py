"""Counters by the hour in DynamoDB; their rows are ``rows/counters.py``'s."""

from collections.abc import Callable, Mapping
from threading import Lock
from typing import NamedTuple

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import counters as rows
from functions.adapters.dynamodb.rows.counters import HourCount
from functions.adapters.dynamodb.values import Item
from functions.core.base.errors import Conflict

# Between two tries another function may have begun the hour, once.
_TRIES = 3
# In so many portions the bound is counted ahead. A process that ends leaves half a portion unused, on average.
_PORTIONS = 5_000


class _Portion(NamedTuple):
    """What this process has counted ahead of an hour and not used yet; ``is_last`` if there is no more to be had."""

    hour: int
    left: int
    is_last: bool = False


class DynamoCounters:
    """How much of one thing there was in this hour; ``report`` makes a metric of what was refused."""

    def __init__(self, calls: Calls, report: Callable[[Mapping[str, int]], None]) -> None:
        self._calls = calls
        self._report = report
        self._portions: dict[str, _Portion] = {}
        self._counting = Lock()

    def take(self, name: str, hour: int, most: int) -> bool:
        """Count one more in the hour; False, and nothing is counted, if there have been ``most`` already."""
        return self._count(name, hour, most, 1) or self._refuse(name)

    def take_cheaply(self, name: str, hour: int, most: int) -> bool:
        """The same from a portion that is counted ahead: one write for a five-thousandth of ``most``."""
        with self._counting:
            portion = self._portions.get(name, _Portion(hour, 0))
            if portion.hour != hour or not (portion.left or portion.is_last):
                portion = self._portion(name, hour, most)
            self._portions[name] = portion._replace(left=max(0, portion.left - 1))
        return portion.left > 0 or self._refuse(name)

    def _portion(self, name: str, hour: int, most: int) -> _Portion:
        """A new portion; at the end of the bound of one, then of none."""
        size = max(1, most // _PORTIONS)
        amounts = dict.fromkeys((size, 1))
        left = next((amount for amount in amounts if self._count(name, hour, most, amount)), 0)
        return _Portion(hour, left, is_last=not left)

    def _count(self, name: str, hour: int, most: int, amount: int) -> bool:
        for _ in range(_TRIES if amount <= most else 0):
            if self._add(name, rows.bounded(hour, most, amount)):
                return True
            item = self._calls.get(rows.TABLE, rows.key(name))
            if item and rows.from_item(item).hour >= hour:
                break
            if self._begin(HourCount(name, hour, amount)):
                return True
        return False

    def _refuse(self, name: str) -> bool:
        self._report({f"{name}Refused": 1})
        return False

    def _add(self, name: str, values: Item) -> bool:
        return swallow(
            Conflict, lambda: self._calls.update(rows.TABLE, rows.key(name), rows.ADD, rows.BELOW_BOUND, values)
        )

    def _begin(self, counted: HourCount) -> bool:
        item, values = rows.to_item(counted), rows.since(counted.hour)
        return swallow(Conflict, lambda: self._calls.put(rows.TABLE, item, rows.IS_NEW_HOUR, values))
