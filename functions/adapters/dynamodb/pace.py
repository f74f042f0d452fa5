"""What is left of SES's rate and daily quota, in DynamoDB; its row is ``rows/pace.py``'s."""

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import pace as rows
from functions.adapters.dynamodb.values import Item
from functions.adapters.errors import ConditionFailed
from functions.core.base.errors import Conflict
from functions.core.messages.pace import Allowance, Bounds, Budget, Shortage

# Between two tries another function may have begun the second, or the line, once.
_TRIES = 3
# How long this process believes what it has read (seconds).
_FRESH = 10


class DynamoPace:
    """One row, which DynamoDB checks and changes in one step and in one order for all functions."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: Budget | None = None
        self._looked = 0

    def budget(self, now: int) -> Budget | None:
        """The budget as this process knows it, ten seconds old at most; None before the first allowance."""
        if self._known is None or not self._looked <= now < self._looked + _FRESH:
            item = self._calls.get(rows.TABLE, rows.KEY)
            self._known, self._looked = rows.from_item(item) if item else None, now
        return self._known

    def lease(self, now: int, until: int) -> bool:
        """True for the one that is to ask SES for the allowance before ``until``."""
        return self._changed(rows.RENEW, rows.IS_FREE, rows.leasing(now, until))

    def store(self, allowance: Allowance, now: int) -> None:
        """Write what SES says that it allows, unless somebody wrote a later word of SES."""
        change, values = rows.storing(allowance, now)
        self._changed(change, rows.IS_NEWER, values)
        self._known = None

    def take(self, second: int, bounds: Bounds) -> Shortage | None:
        """Count one message of the second; None, or what there is too little of, and then nothing is counted."""
        for _ in range(_TRIES):
            refusal = self._refusal(rows.TAKE, rows.HAS_ROOM, rows.taking(second, bounds))
            budget = rows.from_item(refusal) if refusal else None
            if budget is None:
                return None
            if budget.left <= bounds.least:
                return "day"
            if budget.second >= second:
                return "rate"
            if self._changed(rows.BEGIN, rows.IS_NEW, rows.beginning(second, bounds)):
                return None
        return "rate"

    def note(self, shortage: Shortage) -> None:
        """Have all others stop until SES is asked again, for a shortage that lasts."""
        if shortage != "rate":
            change, values = rows.noting(shortage)
            self._changed(change, rows.IS_KNOWN, values)
            self._known = None

    def queue_up(self, line: str, now: int, step: int, last: int) -> int | None:
        """A place at the end of the line (milliseconds UTC), ``step`` behind the one before; None beyond ``last``."""
        change, when = rows.lengthening(line)
        for _ in range(_TRIES):
            try:
                values = rows.waiting(now, step, last)
                return rows.end_of(self._calls.update(rows.TABLE, rows.KEY, change, when, values, show=True), line)
            except ConditionFailed as refusal:
                end = rows.end_of(dict(refusal.item or {}), line)
            if end is not None and end >= last:
                return None
            if self._changed(*rows.opening(line), rows.first(now, step)):
                return now + step
        return None

    def _changed(self, change: str, when: str, values: Item) -> bool:
        return swallow(Conflict, lambda: self._update(change, when, values))

    def _refusal(self, change: str, when: str, values: Item) -> Item | None:
        """None if the row was changed, else the row as it is; an empty one if there is none."""
        try:
            self._calls.update(rows.TABLE, rows.KEY, change, when, values, show=True)
        except ConditionFailed as refusal:
            return dict(refusal.item or {})
        return None

    def _update(self, change: str, when: str, values: Item) -> None:
        self._calls.update(rows.TABLE, rows.KEY, change, when, values)
