"""The progress of ticks in DynamoDB; its row is ``rows/ticks.py``'s."""

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.rows import ticks as rows
from functions.adapters.dynamodb.versioned import save_version
from functions.core.flows.due_windows import Progress


class DynamoTicks:
    """How far ticks have come."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def read(self) -> Progress:
        """The stored progress, read consistently; an empty one before the first tick."""
        item = self._calls.get(rows.TABLE, rows.KEY)
        return rows.from_item(item) if item else Progress()

    def save(self, progress: Progress) -> Progress:
        """Write the progress if its version is still the stored one, as version + 1; raises Conflict."""
        save_version(self._calls, rows.TABLE, rows.to_item(progress), progress.version)
        return progress._replace(version=progress.version + 1)
