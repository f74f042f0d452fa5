"""Quarantine in DynamoDB; its rows are ``rows/quarantine.py``'s."""

from collections.abc import Sequence

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.newest import Newest
from functions.adapters.dynamodb.rows import quarantine as rows
from functions.core.base.errors import Conflict
from functions.core.base.quarantine import Quarantined, QuarantineEntry


class DynamoQuarantine:
    """Genuine requests that were not understood."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._newest = Newest(calls, rows.TABLE)

    def put(self, item: Quarantined) -> None:
        """Store the request; repeating it changes nothing."""
        swallow(Conflict, lambda: self._calls.put(rows.TABLE, rows.to_item(item), rows.NEW))

    def get(self, source: str, item_id: str) -> Quarantined | None:
        """One request with its body; None if there is none."""
        item = self._calls.get(rows.TABLE, rows.key(source, item_id))
        return rows.from_item(item) if item else None

    def page(
        self, sources: Sequence[str], limit: int, start: str | None = None
    ) -> tuple[list[QuarantineEntry], str | None]:
        """Requests of the sources, newest first, without bodies, and the next page's start, or None."""
        entries, following = self._newest.page(sources, limit, start)
        return [rows.entry_from_item(item) for item in entries if rows.source_of(item) in sources], following

    def restate(self, item: Quarantined, reason: str) -> None:
        """Store why the request still is not understood; nothing happens if it does not exist."""
        where, values = rows.key(item.source, item.id), rows.restated(reason)
        swallow(Conflict, lambda: self._calls.update(rows.TABLE, where, rows.RESTATE, rows.IS_THERE, values))

    def remove(self, source: str, item_id: str) -> None:
        """Delete the request; nothing happens if it does not exist."""
        self._calls.write(deletes=[(rows.TABLE, rows.key(source, item_id))])
