"""Backfills, and how far each has come."""

from collections import defaultdict
from dataclasses import replace

from functions.core.definitions.records import Backfill, Lane


class FakeBackfills:
    """Backfills by revision, and their lanes beside them."""

    def __init__(self) -> None:
        self.rows: dict[int, Backfill] = {}
        self.lanes: dict[int, dict[int, Lane]] = defaultdict(dict)

    def begin(self, backfill: Backfill) -> None:
        self.rows.setdefault(backfill.revision, replace(backfill, lanes=()))

    def newest(self) -> int:
        return max(self.rows, default=0)

    def lane(self, revision: int, number: int) -> Lane:
        return self.lanes[revision].get(number, Lane(number))

    def go_on(self, revision: int, lane: Lane) -> Lane:
        stored = self.lanes[revision].get(lane.number)
        if stored is None or stored.pages < lane.pages:
            self.lanes[revision][lane.number] = lane
        return self.lanes[revision][lane.number]

    def latest(self, count: int) -> list[Backfill]:
        newest = sorted(self.rows, reverse=True)[:count]
        return [replace(self.rows[each], lanes=self._lanes(each)) for each in newest]

    def _lanes(self, revision: int) -> tuple[Lane, ...]:
        return tuple(lane for _, lane in sorted(self.lanes[revision].items()))
