"""Genuine requests that were not understood."""

from collections.abc import Sequence
from dataclasses import replace

from functions.core.base.quarantine import Quarantined, QuarantineEntry
from tests.fakes.pages import page


class FakeQuarantine:
    """Requests by source and id."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Quarantined] = {}

    def put(self, item: Quarantined) -> None:
        self.rows.setdefault((item.source, item.id), item)

    def get(self, source: str, item_id: str) -> Quarantined | None:
        return self.rows.get((source, item_id))

    def of(self, source: str) -> list[Quarantined]:
        """What the source left, oldest first."""
        return [item for item in self.rows.values() if item.source == source]

    def page(
        self, sources: Sequence[str], limit: int, start: str | None = None
    ) -> tuple[list[QuarantineEntry], str | None]:
        items = [item for item in self.rows.values() if item.source in sources]
        return page([(item.received, f"{item.source} {item.id}", _entry(item)) for item in items], limit, start)

    def restate(self, item: Quarantined, reason: str) -> None:
        if (item.source, item.id) in self.rows:
            self.rows[item.source, item.id] = replace(item, reason=reason)

    def remove(self, source: str, item_id: str) -> None:
        self.rows.pop((source, item_id), None)


def _entry(item: Quarantined) -> QuarantineEntry:
    return QuarantineEntry(item.source, item.id, item.reason, item.received, len(item.body.encode()))
