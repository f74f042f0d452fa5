"""The number of the format in which things are stored; its row is ``rows/formats.py``'s."""

from functions.adapters.dynamodb.calls import Calls, swallow
from functions.adapters.dynamodb.rows import formats as rows
from functions.core.base.errors import Conflict


class DynamoFormats:
    """The greatest number that was ever written."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def stored(self) -> int:
        """The number, read consistently; 0 before the first."""
        item = self._calls.get(rows.TABLE, rows.KEY)
        return rows.from_item(item) if item else 0

    def raise_to(self, number: int) -> None:
        """Store the number unless it or a greater one is stored."""
        swallow(Conflict, lambda: self._calls.put(rows.TABLE, rows.to_item(number), *rows.below(number)))
