"""Counters by the hour in DynamoDB; their rows are ``rows/counters.py``'s."""

from collections.abc import Callable, Mapping

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import counters as rows
from functions.adapters.dynamodb.rows.counters import HourCount
from functions.core.base.errors import Conflict

# Between two tries another function may have begun the hour, once.
_TRIES = 3


class DynamoCounters:
    """How much of one thing there was in this hour; ``report`` makes a metric of what was refused."""

    def __init__(self, calls: Calls, report: Callable[[Mapping[str, int]], None]) -> None:
        self._calls = calls
        self._report = report

    def take(self, name: str, hour: int, most: int) -> bool:
        """Count one more in the hour; False, and nothing is counted, if there have been ``most`` already."""
        for _ in range(_TRIES):
            if self._add(name, hour, most):
                return True
            item = self._calls.get(rows.TABLE, rows.key(name))
            if item and rows.from_item(item).hour >= hour:
                break
            if self._begin(HourCount(name, hour, 1)):
                return True
        self._report({f"{name}Refused": 1})
        return False

    def _add(self, name: str, hour: int, most: int) -> bool:
        values = rows.bounded(hour, most)
        return swallow(
            Conflict, lambda: self._calls.update(rows.TABLE, rows.key(name), rows.ADD, rows.BELOW_BOUND, values)
        )

    def _begin(self, counted: HourCount) -> bool:
        item, values = rows.to_item(counted), rows.since(counted.hour)
        return swallow(Conflict, lambda: self._calls.put(rows.TABLE, item, rows.IS_NEW_HOUR, values))
