"""Backfills in DynamoDB; their rows are ``rows/{backfills,backfill_lanes}.py``'s."""

from collections.abc import Iterator
from itertools import groupby

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.expressions import Listing
from functions.adapters.dynamodb.rows import backfill_lanes, backfills
from functions.adapters.dynamodb.values import Item
from functions.adapters.errors import ConditionFailed
from functions.core.base.errors import Conflict
from functions.core.definitions.records import Backfill, Lane


class DynamoBackfills:
    """Backfills and the progress of their lanes."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def begin(self, backfill: Backfill) -> None:
        """Record a backfill without its lanes; one that is recorded already is left unchanged."""
        swallow(Conflict, lambda: self._calls.put(backfills.TABLE, backfills.to_item(backfill), backfills.NEW))

    def newest(self) -> int:
        """The revision of the latest backfill; 0 before the first."""
        row = next(self._rows({"ScanIndexForward": False, "Limit": 1}), None)
        return backfills.revision_of(row) if row else 0

    def lane(self, revision: int, number: int) -> Lane:
        """The lane's progress, read consistently; one that has not begun is at its start."""
        item = self._calls.get(backfill_lanes.TABLE, backfill_lanes.key(revision, number))
        return backfill_lanes.from_item(item) if item else Lane(number)

    def go_on(self, revision: int, lane: Lane) -> Lane:
        """Record the lane's progress unless more is recorded already; return what is recorded."""
        item, values = backfill_lanes.to_item(revision, lane), backfill_lanes.pages(lane)
        try:
            self._calls.put(backfill_lanes.TABLE, item, backfill_lanes.BEHIND, values, show=True)
        except ConditionFailed as failed:
            stored = dict(failed.item or {})
            return backfill_lanes.from_item(stored) if stored else self.lane(revision, lane.number)
        return lane

    def latest(self, count: int) -> list[Backfill]:
        """The latest backfills with their lanes, newest first."""
        newest: list[Backfill] = []
        for _, rows in groupby(self._rows({"ScanIndexForward": False}), backfills.revision_of):
            *lanes, head = rows
            if backfills.is_backfill(head):
                newest.append(backfills.from_item(head, map(backfill_lanes.from_item, lanes)))
            if len(newest) == count:
                break
        return newest

    def _rows(self, how: Listing) -> Iterator[Item]:
        return self._calls.query(backfills.TABLE, backfills.ALL, backfills.ALL_VALUES, **how)
