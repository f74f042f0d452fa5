"""The log."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from functions.core.base import rfc3339
from functions.core.base.events import Event
from functions.core.base.identity import Span, within
from functions.core.base.newest import Newest, newest
from functions.core.base.received import ReceivedPage


class FakeLog:
    """Partitions by identifier; ``stream`` holds what was new, oldest first, until somebody takes it."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Event]] = defaultdict(dict)
        self.stream: deque[Event] = deque()
        self.appends = 0
        # How much may be read at once, and how much of one partition at a time.
        self.most, self.page = 50_000, 1_000

    def append(self, events: Sequence[Event]) -> int:
        self.appends += 1
        return sum(map(self._put, events))

    def read(self, identifier: str, since: int = 0) -> Iterator[Event]:
        rows = self.rows.get(identifier, {})
        begin = rfc3339.text(since).removesuffix("Z") if since > 0 else ""
        return iter([rows[sort] for sort in sorted(rows) if sort >= begin])

    def read_several(self, identifiers: Iterable[str], since: int = 0) -> dict[str, list[Event]]:
        return self.read_newest(identifiers, since).events

    def read_newest(self, identifiers: Iterable[str], since: int = 0) -> Newest:
        found: dict[str, list[Event]] = {name: [] for name in identifiers}
        whole = {name: list(self.read(name, since))[::-1] for name in found}
        unfinished = list(found)
        while unfinished and sum(map(len, found.values())) < self.most:
            pages = {name: whole[name][len(found[name]) :][: self.page] for name in unfinished}
            found |= {name: found[name] + page for name, page in pages.items()}
            unfinished = [name for name, page in pages.items() if len(page) == self.page]
        return newest(found, unfinished)

    def received(self, since: int, until: int, start: str | None = None, *, lane: int = 0, of: int = 1) -> ReceivedPage:
        partitions = sorted(self.rows)[lane::of]
        place = int(start or 0)
        found = list(self.rows[partitions[place]].values()) if place < len(partitions) else []
        following = str(place + 1) if place + 1 < len(partitions) else None
        return ReceivedPage([event for event in found if since <= event.received <= until], following)

    def erase(self, identifier: str, spans: Sequence[Span] | None = None) -> int:
        rows = self.rows.get(identifier, {})
        gone = [sort for sort, event in rows.items() if within(spans, event.time)]
        for sort in gone:
            del rows[sort]
        return len(gone)

    def hold_back(self, event: Event, names: Sequence[str]) -> None:
        rows = self.rows[event.identifier]
        if event.sort in rows:
            kept = tuple(name for name in rows[event.sort].identifiers if name not in names)
            rows[event.sort] = replace(rows[event.sort], identifiers=kept)

    def remove(self, events: Iterable[Event]) -> int:
        return len([self.rows[event.identifier].pop(event.sort, None) for event in events])

    @property
    def events(self) -> list[Event]:
        """Everything, by partition in the order of acceptance."""
        return [event for rows in self.rows.values() for event in rows.values()]

    def _put(self, event: Event) -> bool:
        rows = self.rows[event.identifier]
        if event.sort in rows:
            return False
        rows[event.sort] = event
        self.stream.append(event)
        return True
