"""Declared sources in DynamoDB; their rows are ``rows/declared_sources.py``'s. Publications write them."""

from collections.abc import Callable, Iterator, Mapping

from functions.adapters.dynamodb.calls import PRESENT, Calls
from functions.adapters.dynamodb.rows import declared_sources as rows
from functions.adapters.dynamodb.values import Item
from functions.core.definitions.records import Body


class DynamoDeclaredSources:
    """The sources that the shop declares, read again after ``max_age`` seconds of the ``clock``.

    All are read together, so that a request for a source that is none costs no read of its own.
    """

    def __init__(self, calls: Calls, clock: Callable[[], int], max_age: int) -> None:
        self._calls = calls
        self._clock = clock
        self._max_age = max_age
        self._found: Mapping[str, Body | None] | None = None
        self._read_at = 0

    def all(self) -> Mapping[str, Body | None]:
        """The bodies by id, at most ``max_age`` and a moment old; None of a source that was withdrawn."""
        now = self._clock()
        if self._found is None or not 0 <= now - self._read_at < self._max_age:
            sources = map(rows.from_item, self._items())
            self._found, self._read_at = {each.id: each.body for each in sources}, now
        return self._found

    def _items(self) -> Iterator[Item]:
        start: Item | None = None
        while True:
            items, start = self._calls.page(rows.TABLE, start, PRESENT, {})
            yield from items
            if start is None:
                return
