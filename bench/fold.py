"""``python -m bench.fold``: profiles that fold writes in a second, one after the other and side by side, and hot keys.

The real use cases on ports in memory, each call of which is waited for: 5 ms, as a call of AWS takes. Batches of one
shard are under way at once, as the topology says, each in a process of its own there; here those of a hot key are
threads, since they meet at one row. What the SDK takes of the processor is left out of the times that are waited for,
and told besides: on the share of a processor that the function has, it bounds what one batch can do.
"""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

from bench.reading import NOW, shop
from bench.table import Row, show
from bench.tick_costs import measured
from bench.tick_world import WHOLE
from functions.core.base.chunks import chunks
from functions.core.base.events import Event
from functions.core.base.rfc3339 import text
from functions.topology import FUNCTIONS
from functions.topology_rows import Stream
from functions.usecases.fold import fold_apart
from functions.usecases.note_names import note_names
from functions.usecases.side_by_side import LANES
from tests.fakes.waiting import make_wait
from tests.flow.in_memory_app import InMemoryApp

CALL = 0.005
_PORTS = ("log", "people", "names", "queues", "counters")
_FOLD = next(row for row in FUNCTIONS if row.name == "fold")
_STREAM = next(each for each in _FOLD.triggers if isinstance(each, Stream))
EVENTS = 500
_UNIT = "events/s and shard"
BATCH, AT_ONCE = _STREAM.batch, _STREAM.side_by_side


def rows() -> Iterator[Row]:
    """This part of the table."""
    people = [_event(f"p{number}", number) for number in range(EVENTS)]
    again = [_event(f"p{number}", number + len(people)) for number in range(EVENTS)]
    yield from _compared("new people", people, [])
    yield from _compared("known people", again, people)
    yield from _compared("half about one person", [_event(f"p{n}" if n % 2 else "hot", n) for n in range(EVENTS)], [])
    for at_once in (1, AT_ONCE):
        yield _hot(at_once)


def _compared(name: str, events: list[Event], known: list[Event]) -> Iterator[Row]:
    """One after the other and side by side, in this run."""
    before, _ = _rate(events, known, 1)
    after, cost = _rate(events, known, LANES)
    yield Row(f"{name}: one by one", before, _UNIT, note="a batch after the other, as before")
    note = f"{after / before:.1f} times as many a batch, {AT_ONCE} batches at once"
    yield Row(f"{name}: side by side", after * AT_ONCE, _UNIT, note=note)
    bound = AT_ONCE * _FOLD.memory / WHOLE / cost
    yield Row(f"{name}: what {_FOLD.memory} MB compute", bound, _UNIT, note="with the SDK's part")


def _rate(events: list[Event], known: list[Event], lanes: int) -> tuple[float, float]:
    """Events that one batch after the other folds in a second, and the seconds of a processor that each takes."""
    app = shop()
    for several in chunks(known, BATCH):
        fold_apart(app.context, several)
    ports = make_wait(app, _PORTS, CALL)
    begin, computed = time.monotonic(), time.process_time()
    for several in chunks(events, BATCH):
        _deliver(app, list(several), lanes)
    took, used = time.monotonic() - begin, time.process_time() - computed
    return len(events) / took, (used + sum(port.calls for port in ports) * _sdk()) / len(events)


def _hot(at_once: int) -> Row:
    """Batches that are all about one person, so many at once, until none comes again."""
    app = shop()
    ports = make_wait(app, _PORTS, CALL)
    events = [_event("hot", number) for number in range(AT_ONCE * BATCH)]
    waiting, invocations = [list(several) for several in chunks(events, BATCH)], 0
    begin = time.monotonic()
    with ThreadPoolExecutor(at_once) as pool:
        while waiting:
            invocations += len(waiting)
            waiting = [left for left in pool.map(lambda several: _deliver(app, several, LANES), waiting) if left]
    rate = len(events) / (time.monotonic() - begin)
    calls = sum(port.calls for port in ports)
    note = f"{invocations} invocations, {calls} calls; here, they share one processor"
    return Row(f"one person alone, {at_once} batches at once", rate, _UNIT, note=note)


def _deliver(app: InMemoryApp, batch: list[Event], lanes: int) -> list[Event]:
    """What comes again: everything from the first that failed on."""
    context = replace(app.context, lanes=lanes)
    note_names(context, batch)
    failed = fold_apart(context, batch)
    return batch[min(failed) :] if failed else []


@cache
def _sdk() -> float:
    """Seconds of a whole processor that the SDK takes for a call."""
    return measured().batch


def _event(person: str, number: int) -> Event:
    properties = {"order_id": f"o{number}", "total": 4999, "currency": "EUR"}
    return Event("Order Completed", NOW, NOW, (f"email:{person}@x.org",), f"{text(NOW)}#{number}", "bench", properties)


if __name__ == "__main__":
    show("Fold: profiles in a second", rows())
