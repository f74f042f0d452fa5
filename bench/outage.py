"""``python -m bench.outage``: how far fold is behind after an outage, and how long it takes to catch up.

The real use cases on ports in memory, of which each call takes 5 ms more, as a call of AWS does; calls of one batch
follow each other here. What a shard folds in a second is measured, and what waits is worked out from it.
"""

import time
from collections.abc import Iterator, Set
from typing import Any

from bench.reading import NOW, shop
from bench.table import Row, show
from functions.core.base.events import Event
from functions.core.base.identity import profile_id
from functions.core.base.rfc3339 import text
from functions.core.base.tasks.refolds import RefoldPeople
from functions.usecases.fold import fold_apart
from functions.usecases.note_names import note_names
from functions.usecases.park import Failed, park
from tests.flow.in_memory_app import InMemoryApp

CALL = 0.005
BATCH = 100
HOUR, KEPT = 3_600, 24 * 3_600
# Events a second of a shop with 1.7 M events a day, and the shards that a new table paid per request has.
PACE, SHARDS = 20, 4
OUTAGES = (HOUR // 6, 2 * HOUR, 12 * HOUR, 30 * HOUR)
_PORTS = ("log", "people", "names", "queues", "counters")


class Calls:
    """A port whose calls are counted; the states of ``bad`` profiles cannot be written."""

    def __init__(self, port: Any, counted: list[str], bad: Set[str]) -> None:
        self._port, self._counted, self._bad = port, counted, bad

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._port, name)
        if not callable(value):
            return value

        def call(*args: Any, **more: Any) -> Any:
            self._counted.append(name)
            if name == "save_state" and args[0].profile in self._bad:
                raise KeyError(name)
            return value(*args, **more)

        return call


def rows() -> Iterator[Row]:
    """This part of the table."""
    rate = _rate()
    yield Row("folded in a second and shard, at 5 ms a call", rate, "events")
    for outage in OUTAGES:
        hours = f"{outage / HOUR:.3g} h"
        lost = PACE * max(0, outage - KEPT)
        behind = PACE * min(outage, KEPT)
        spare = rate * SHARDS - PACE
        yield Row(f"{hours} at {PACE} events/s: records behind", behind, "records", note=f"{lost:,} left the stream")
        yield Row(f"{hours}: caught up after", behind / spare if spare > 0 else float("inf"), "s")
        if lost:
            yield Row(f"{hours}: those refolded in four lanes in", lost / (rate * SHARDS), "s")
    for share in (0.01, 0.5):
        yield Row(f"one record in {1 / share:.0f} fails: folded in a second and shard", _rate(share), "events")


def _rate(failing: float = 0.0) -> float:
    """Events that one shard folds in a second: of people who come for the first time, at a share of whom it fails."""
    app = shop()
    counted: list[str] = []
    events = [_event(number) for number in range(10 * BATCH)]
    app.log.append(events)
    bad = {profile_id(event.identifier) for place, event in enumerate(events) if failing and not place % (1 / failing)}
    for port in _PORTS:
        setattr(app, port, Calls(getattr(app, port), counted, bad))
    begin = time.process_time()
    for start in range(0, len(events), BATCH):
        _deliver(app, events[start : start + BATCH])
    return float(len(events) / (time.process_time() - begin + CALL * len(counted)))


def _deliver(app: InMemoryApp, batch: list[Event]) -> None:
    context = app.context
    note_names(context, batch)
    failed = {
        place: Failed(error, RefoldPeople(batch[place].identifiers))
        for place, error in fold_apart(context, batch).items()
    }
    assert park(context, failed, len(batch)) == {}


def _event(number: int) -> Event:
    properties = {"order_id": f"o{number}", "total": 4999, "currency": "EUR"}
    return Event("Order Completed", NOW, NOW, (f"email:{number}@x.org",), f"{text(NOW)}#{number}", "bench", properties)


if __name__ == "__main__":
    show("An outage of fold, and the time after it", rows())
