"""Flow runs."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from functions.core.flows.records import Due, DueWindow, Run
from tests.fakes.pages import due_page, share
from tests.fakes.versions import next_version


class FakeRuns:
    """Runs by profile and id."""

    def __init__(self, shards: int = 1) -> None:
        self.rows: dict[str, dict[str, Run]] = defaultdict(dict)
        self._shards = shards

    def start(self, run: Run) -> bool:
        if run.id in self.rows[run.profile]:
            return False
        self.rows[run.profile][run.id] = replace(run, version=1)
        return True

    def get(self, profile: str, run_id: str) -> Run | None:
        return self.rows[profile].get(run_id)

    def of(self, profile: str, flow: str | None = None) -> list[Run]:
        return [run for _, run in sorted(self.rows[profile].items()) if flow in (None, run.flow)]

    def save(self, run: Run) -> None:
        version = next_version(self.rows[run.profile].get(run.id), run)
        self.rows[run.profile][run.id] = replace(run, version=version)

    def due(self, shard: int, before: int) -> Iterator[Due]:
        rows = [Due(run.profile, run.id, due) for due, run in self._waking() if due < before]
        return iter(sorted((row for row in rows if share(row.profile, self._shards) == shard), key=lambda row: row.due))

    def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
        return due_page(self.due(window.shard, window.until), window, after, limit)

    def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
        return [self.due_page(window, None, limit) for window in windows]

    def earliest(self) -> int | None:
        """When the next run is due."""
        return min((due for due, _ in self._waking()), default=None)

    def paused(self, flow: str, limit: int) -> list[tuple[str, str]]:
        runs = [run for rows in self.rows.values() for run in rows.values() if run.paused and run.flow == flow]
        return [(run.profile, run.id) for run in runs][:limit]

    def pages(
        self, start: str | None = None, size: int = 1_000, *, lane: int = 0, of: int = 1
    ) -> Iterator[tuple[list[Run], str | None]]:
        while True:
            keys = sorted((profile, run) for profile, rows in self.rows.items() for run in rows)
            keys = [key for key in keys if share(key[0], of) == lane]
            begin = 0 if start is None else bisect_right(keys, tuple(json.loads(start)))
            found = [self.rows[profile][run] for profile, run in keys[begin : begin + size]]
            start = json.dumps(keys[begin + size - 1]) if begin + size < len(keys) else None
            yield [run for run in found if run.due is not None], start
            if start is None:
                return

    def forget(self, profile: str, runs: Iterable[str] | None = None) -> None:
        for run in list(self.rows[profile]) if runs is None else runs:
            self.rows[profile].pop(run, None)

    def _waking(self) -> Iterator[tuple[int, Run]]:
        for rows in self.rows.values():
            for run in rows.values():
                if run.due is not None and not run.paused:
                    yield run.due, run
