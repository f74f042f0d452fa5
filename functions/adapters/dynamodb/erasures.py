"""Erasures in DynamoDB; their rows are those of ``rows/{shop_erasures,marks}.py``."""

from collections.abc import Iterable

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import marks as mark_rows
from functions.adapters.dynamodb.rows import shop_erasures as rows
from functions.core.base.erased import BEYOND_THE_LOG, DAY, Mark
from functions.core.base.errors import Conflict
from functions.core.base.shop_erasure import ShopErasure


class DynamoErasures:
    """Requests to erase shops, and the marks of erased people."""

    def __init__(self, calls: Calls, retention_days: int) -> None:
        self._calls = calls
        self._kept = retention_days * DAY + BEYOND_THE_LOG

    def mark(self, marks: Iterable[Mark]) -> None:
        """Write the marks, each by itself; one that is later is left unchanged."""
        for each in marks:
            self._mark(each)

    def _mark(self, mark: Mark) -> None:
        change, values = mark_rows.change(mark, self._kept)
        key = mark_rows.key(mark.key)
        swallow(Conflict, lambda: self._calls.update(mark_rows.TABLE, key, change, mark_rows.NOT_LATER, values))

    def ask(self, shop: str, at: int) -> None:
        """Store that the shop is to be erased, unless a request waits already."""
        swallow(Conflict, lambda: self._calls.put(rows.TABLE, rows.to_item(shop, at), rows.NEW))

    def shop(self, shop: str) -> ShopErasure | None:
        """The latest request to erase the shop, read consistently; None if there was none."""
        item = self._calls.get(rows.TABLE, rows.key(shop))
        return rows.from_item(item) if item else None

    def confirm(self, shop: str, at: int, author: str) -> None:
        """Record who confirmed the request; nothing happens without one."""
        values = rows.confirmed(at, author)
        swallow(Conflict, lambda: self._calls.update(rows.TABLE, rows.key(shop), rows.CONFIRM, rows.IS_THERE, values))
