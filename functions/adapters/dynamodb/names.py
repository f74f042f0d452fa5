"""Names of events, properties, traits and so on that events used, in DynamoDB; their rows are ``rows/names.py``'s."""

from functools import partial

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import names as rows
from functions.core.base.chunks import chunks
from functions.core.base.errors import Conflict
from functions.core.definitions.vocabulary.seen import MOST, SORTS, Names


class DynamoNames:
    """The stored names, and in memory those that this process knows to be stored."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._known: dict[str, set[str]] | None = None

    def all(self) -> Names:
        """Every stored name, by sort."""
        names = {sort: frozenset[str]() for sort in SORTS}
        items = self._calls.read({rows.TABLE: [rows.key(sort) for sort in SORTS]}, fresh=True)[rows.TABLE]
        return names | dict(map(rows.from_item, items))

    def note(self, names: Names) -> None:
        """Store the names; those known to be stored cost no call, and a full row is left unchanged."""
        if self._known is not None and all(names[sort] <= self._known[sort] for sort in SORTS):
            return
        if self._known is None:
            self._known = {sort: set(names_of_sort) for sort, names_of_sort in self.all().items()}
        for sort in SORTS:
            room = MOST[sort] - len(self._known[sort])
            if room > 0 and (fresh := sorted(names[sort] - self._known[sort])[:room]):
                self._add(sort, fresh)
                self._known[sort].update(fresh)

    def _add(self, sort: str, fresh: list[str]) -> None:
        for part in chunks(fresh, rows.MOST_AT_ONCE):
            key, values = rows.key(sort), rows.added(part, MOST[sort])
            # A row that others have filled meanwhile is left alone.
            swallow(Conflict, partial(self._calls.update, rows.TABLE, key, rows.ADD, rows.HAS_ROOM, values))
