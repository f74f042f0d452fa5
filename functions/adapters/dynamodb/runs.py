"""Flow runs in DynamoDB; their rows are ``rows/runs.py``'s."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.due_index import due_page, due_pages, due_rows, group_rows
from functions.adapters.dynamodb.rows import runs as rows
from functions.adapters.dynamodb.versioned import save_version, versioned
from functions.core.base.errors import Conflict
from functions.core.flows.records import Due, DueWindow, Run


class DynamoRuns:
    """The stored flow runs of all profiles."""

    def __init__(self, calls: Calls, shards: int) -> None:
        self._calls = calls
        self._shards = shards

    def start(self, run: Run) -> bool:
        """Write a new run as version 1; False if it exists."""
        item, *_ = versioned(rows.to_item(run, self._shards), 0)
        try:
            self._calls.put(rows.TABLE, item, rows.NEW)
        except Conflict:
            return False
        return True

    def get(self, profile: str, run_id: str) -> Run | None:
        """The run, read consistently; None if there is none."""
        item = self._calls.get(rows.TABLE, rows.key(profile, run_id))
        return rows.from_item(item) if item else None

    def of(self, profile: str, flow: str | None = None) -> list[Run]:
        """The profile's runs, only those of ``flow`` if given."""
        return [rows.from_item(item) for item in self._calls.query(rows.TABLE, *rows.of_profile(profile, flow))]

    def save(self, run: Run) -> None:
        """Write the run if its version is still the stored one, as version + 1; raises Conflict."""
        save_version(self._calls, rows.TABLE, rows.to_item(run, self._shards), run.version)

    def due(self, shard: int, before: int) -> Iterator[Due]:
        """Runs of the shard that are due before the instant (seconds UTC), earliest first; ``key`` is the run's id."""
        return due_rows(self._calls, rows.TABLE, rows.ID, shard, before)

    def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
        """The first ``limit`` rows of the window behind ``after``, which need not exist any more; fewer at the end."""
        return due_page(self._calls, rows.TABLE, rows.ID, window, after, limit)

    def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
        """The first page of each window, read side by side; None for one that could not be read."""
        return due_pages(self._calls, rows.TABLE, rows.ID, windows, limit)

    def paused(self, flow: str, limit: int) -> list[tuple[str, str]]:
        """Profile and id of runs that wait for their paused flow; some may have been resumed already."""
        waiting = group_rows(self._calls, rows.TABLE, rows.waiting(flow), limit)
        return [rows.place(item) for item in islice(waiting, limit)]

    def pages(
        self, start: str | None = None, size: int = 1_000, *, lane: int = 0, of: int = 1
    ) -> Iterator[tuple[list[Run], str | None]]:
        """Everybody's runs under way, and where the next page begins; a page reads ``size`` rows, ended ones too.

        A lane is one segment of DynamoDB's parallel scan.
        """
        place = None if start is None else rows.key(*json.loads(start))
        part = {"Limit": size, "Segment": lane, "TotalSegments": of}
        while True:
            items, place = self._calls.page(rows.TABLE, place, rows.UNDER_WAY, {}, **part)
            yield list(map(rows.from_item, items)), json.dumps(rows.place(place)) if place else None
            if not place:
                return

    def forget(self, profile: str, runs: Iterable[str] | None = None) -> None:
        """Delete the profile's runs: all, or those of these ids."""
        self._calls.forget(rows.TABLE, profile, runs)
