"""The log in DynamoDB; its rows are ``rows/events.py``'s."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.expressions import Listing
from functions.adapters.dynamodb.rows import events as rows
from functions.core.base.errors import Conflict
from functions.core.base.events import Event
from functions.core.base.identity import Span, within
from functions.core.base.newest import Newest, newest
from functions.core.base.received import ReceivedPage

_DAY = 86400
# Rows that a page of the whole log reads: a time limit is looked at between two pages.
_PAGE = 500
# Rows of a partition that are read at once: most people have fewer.
_NEWEST = 1_000


class DynamoLog:
    """The append-only record of every accepted event."""

    def __init__(
        self, calls: Calls, retention_days: int, cause: Callable[[], str] = str, *, most: int = 50_000
    ) -> None:
        self._calls = calls
        self._cause = cause
        self._most = most
        self._retention = retention_days * _DAY

    def append(self, events: Sequence[Event]) -> int:
        """Write the events in parallel; return how many were new.

        Of events with one key the first write wins, within a batch the first event.
        """
        first = {event.id: event for event in reversed(events)}
        return sum(self._calls.each(self._put, list(reversed(first.values()))))

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        """The partition's events from the sender's time ``since`` on, read consistently, oldest first."""
        return map(rows.from_item, self._calls.query(rows.TABLE, *rows.of_identifier(identifier, _begin(since))))

    def read_several(self, identifiers: Iterable[str], since: int = 0) -> dict[str, list[Event]]:
        """The same of several partitions, a query each, of which several are under way at a time."""
        return self.read_newest(identifiers, since).events

    def read_newest(self, identifiers: Iterable[str], since: int = 0) -> Newest:
        """A page of each at a time, newest first, until all are read or they are as many as may be read at once."""
        found: dict[str, list[Event]] = {name: [] for name in identifiers}
        unfinished = list(found)
        while unfinished and sum(map(len, found.values())) < self._most:
            places = [(name, found[name][-1].sort if found[name] else None) for name in unfinished]
            pages = self._calls.side_by_side(lambda place: self._newest(*place, since), places)
            for name, page in zip(unfinished, pages, strict=True):
                found[name] += page
            unfinished = [name for name, page in zip(unfinished, pages, strict=True) if len(page) == _NEWEST]
        return newest(found, unfinished)

    def _newest(self, identifier: str, before: str | None, since: int) -> list[Event]:
        """A page of the partition, newest first, of what lies before the sort key."""
        how: Listing = {"ScanIndexForward": False, "Limit": _NEWEST}
        if before is not None:
            how["ExclusiveStartKey"] = rows.key(identifier, before)
        where = rows.of_identifier(identifier, _begin(since))
        return list(map(rows.from_item, islice(self._calls.query(rows.TABLE, *where, **how), _NEWEST)))

    def received(self, since: int, until: int, start: str | None = None, *, lane: int = 0, of: int = 1) -> ReceivedPage:
        """A page of the events received within the span; a lane is one segment of DynamoDB's parallel scan."""
        place = None if start is None else rows.place_of(start)
        part = {"Limit": _PAGE, "Segment": lane, "TotalSegments": of}
        items, last = self._calls.page(rows.TABLE, place, rows.RECEIVED_WITHIN, rows.received(since, until), **part)
        return ReceivedPage([rows.from_item(item) for item in items], rows.start_after(last) if last else None)

    def erase(self, identifier: str, spans: Sequence[Span] | None = None) -> int:
        """Delete the partition's events, or only those within the spans; return how many were deleted."""
        where, values = rows.of_identifier(identifier)
        matching = self._calls.query(rows.TABLE, where, values, ProjectionExpression=rows.KEY_AND_TIME)
        keys = (rows.key_of(row) for row in matching if within(spans, rows.time_of(row)))
        deleted = 0
        # As they are read: a partition may hold more keys than the memory of a function.
        while several := list(islice(keys, _PAGE)):
            self._calls.write(deletes=[(rows.TABLE, key) for key in several])
            deleted += len(several)
        return deleted

    def hold_back(self, event: Event, names: Sequence[str]) -> None:
        """Let the row of the event name these of its identifiers no more; one that is gone stays gone."""
        key, values = rows.key(event.identifier, event.sort), rows.held_names(names)
        swallow(Conflict, lambda: self._calls.update(rows.TABLE, key, rows.HOLD, rows.IS_THERE, values))

    def remove(self, events: Iterable[Event]) -> int:
        """Delete these events; return how many they were."""
        keys = [rows.key(event.identifier, event.sort) for event in events]
        self._calls.write(deletes=[(rows.TABLE, key) for key in keys])
        return len(keys)

    @staticmethod
    def from_image(image: Mapping[str, Any]) -> Event:
        """Decode the event of an item, from the table or from its stream."""
        return rows.from_item(image)

    def _put(self, event: Event) -> int:
        try:
            self._calls.put(rows.TABLE, rows.to_item(event, self._retention, self._cause()), rows.NEW)
        except Conflict:
            return 0
        return 1


def _begin(since: int) -> str | None:
    """The first sort key of the instant (seconds UTC); None for the beginning."""
    return datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%S") if since > 0 else None
