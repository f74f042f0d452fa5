"""Ticks in counted time: indexes with any number of rows, queues, and invocations that stop at their time limit.

A call takes 5 ms. What the adapters take of the processor (bench/tick_costs.py) is divided by the share of a processor
that Lambda lends to a function of that memory.
"""

import heapq
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count, islice
from typing import Any, NamedTuple, cast

from bench.tick_costs import Costs
from functions.core.base.tasks import Dispatch, RefusedDispatch
from functions.core.base.tasks.ticks import QueueShard
from functions.core.flows.due_windows import Progress
from functions.core.flows.records import Due, DueWindow
from functions.core.ports import Ports
from functions.settings import read
from functions.topology import FUNCTIONS
from functions.topology_rows import QueueMessages
from functions.usecases.context import Context
from functions.usecases.tick import dispatch, queue_shard, tick

CALL = 0.005
# Calls under way at a time: of DynamoDB, and of SQS.
READING, SENDING = 16, 8
# A new process is ready after so many seconds; a message is taken from its queue after so many.
COLD, TAKEN = 1.5, 0.1
# A function of this memory (MB) has one processor.
WHOLE = 1769
PAGE_BYTES, ROW_BYTES = 1_000_000, 120

_TICK = next(row for row in FUNCTIONS if row.name == "tick")
_LANES = next(each.side_by_side for each in _TICK.triggers if isinstance(each, QueueMessages)) or 0
_MARGIN = 20


class Load(NamedTuple):
    """So many rows of each table fall due from ``due`` on, evenly within ``spread`` seconds."""

    due: int
    spread: int
    rows: dict[str, int]

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.rows.values())


@dataclass
class Lateness:
    """How many seconds after its instant each row became visible in its queue, in tenths, by table."""

    tenths: dict[str, Counter[int]] = field(default_factory=lambda: {"runs": Counter(), "profiles": Counter()})
    last: float = 0

    def note(self, table: str, due: int, visible: float) -> None:
        """A row became visible."""
        self.tenths[table][round(max(0, visible - due) * 10)] += 1
        self.last = max(self.last, visible)

    @property
    def queued(self) -> int:
        """How many rows became visible."""
        return sum(counter.total() for counter in self.tenths.values())

    def percentile(self, table: str, share: float) -> float:
        """The lateness that this share of the table's rows does not exceed."""
        left = share * self.tenths[table].total()
        for tenths, number in sorted(self.tenths[table].items()):
            left -= number
            if left <= 0:
                return tenths / 10
        return 0


class Index:
    """The due index of one table in one world; each port call takes its time."""

    def __init__(self, world: "World", table: str) -> None:
        self._world, self._table = world, table
        self._each = [len(range(shard, world.load.rows[table], world.shards)) for shard in range(world.shards)]
        self._queued = [bytearray(number) for number in self._each]

    def row(self, shard: int, number: int) -> Due:
        """One row of a shard, by its place."""
        load = self._world.load
        due = load.due + number * load.spread // self._each[shard]
        return Due(f"{shard}-{number:09}", "state" if self._table == "profiles" else "f#1", due)

    def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
        """A page of the window."""
        self._world.takes(CALL + self._world.processor(self._world.costs.page))
        return self._rows(window, int(after.profile.partition("-")[2]) + 1 if after else 0, limit)

    def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
        """The first page of each window; they are read side by side, and decoded one after the other."""
        rounds = -(-len(windows) // READING)
        self._world.calls += len(windows) - 1
        self._world.takes(max(rounds * CALL, len(windows) * self._world.processor(self._world.costs.page)))
        return [self._rows(window, 0, limit) for window in windows]

    def listed(self, shard: int, before: int, begin: int) -> range:
        """The places of all rows before the instant from the place on, read page by page of a megabyte."""
        places = range(begin, self._first(shard, before))
        pages = len(places) * ROW_BYTES // PAGE_BYTES + 1
        self._world.takes(pages * CALL + self._world.processor(self._world.costs.page) * len(places) / 250)
        return places

    def queued(self, row: Due) -> None:
        """The row is in its queue, and will be processed in its second."""
        shard, _, number = row.profile.partition("-")
        self._queued[int(shard)][int(number)] = 1

    def _rows(self, window: DueWindow, begin: int, limit: int) -> list[Due]:
        first, end = self._first(window.shard, window.since), self._first(window.shard, window.until)
        queued, now = self._queued[window.shard], self._world.now
        rows = (self.row(window.shard, place) for place in range(max(begin, first), end))
        waiting = (row for place, row in enumerate(rows, max(begin, first)) if not queued[place] or row.due > now)
        return list(islice(waiting, limit))

    def _first(self, shard: int, instant: int) -> int:
        """The first place whose row is due at the instant or later."""
        number, load = self._each[shard], self._world.load
        if not number:
            return 0
        return min(number, max(0, -(-(instant - load.due) * number // load.spread)))


class Queue:
    """The queues: what is offered side by side and what is sent one batch after the other."""

    def __init__(self, world: "World") -> None:
        self._world = world

    def offer(self, dispatches: Sequence[Dispatch]) -> list[RefusedDispatch]:
        """Batches of ten, eight under way at a time."""
        world = self._world
        cost = world.processor(world.costs.batch)
        begin = world.now
        for place, dispatched in enumerate(dispatches):
            batch = place // 10 + 1
            world.visible(dispatched, begin + max(-(-batch // SENDING) * CALL, batch * cost))
        batches = -(-len(dispatches) // 10)
        world.calls += batches
        world.now = begin + max(-(-batches // SENDING) * CALL, batches * cost)
        return []

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        """Batches of ten, one after the other."""
        for begin in range(0, len(dispatches), 10):
            self._world.takes(CALL + self._world.processor(self._world.costs.batch))
            for dispatched in dispatches[begin : begin + 10]:
                self._world.visible(dispatched, self._world.now)


class Stopped(Exception):
    """Lambda has stopped the invocation."""


class World:
    """One deployment; ``now`` is the time inside the invocation at hand."""

    def __init__(self, load: Load, shards: int, memory: int, costs: Costs) -> None:
        self.load, self.shards, self.costs = load, shards, costs
        self.lateness, self.now, self.until, self.calls, self.invocations = Lateness(), 0.0, 0.0, 0, 0
        self.ticks, self.queues = self, Queue(self)
        self._share, self._progress = min(1.0, memory / WHOLE), Progress()
        self.runs, self.people = Index(self, "runs"), Index(self, "profiles")
        self._handed: list[tuple[float, int, QueueShard]] = []
        self._numbers = count()
        self._lanes = [-1.0] * _LANES

    def processor(self, seconds: float) -> float:
        """So many seconds of a whole processor, on the share of one that the function has."""
        return seconds / self._share

    def takes(self, seconds: float) -> None:
        """Let time pass; raises Stopped at the time limit."""
        self.calls += 1
        self.now += seconds
        if self.now > self.until:
            raise Stopped

    def visible(self, dispatched: Dispatch, at: float) -> None:
        """A message was taken by its queue at the instant."""
        task: Any = dispatched.task
        if isinstance(task, QueueShard):
            heapq.heappush(self._handed, (at + dispatched.delay, next(self._numbers), task))
        else:
            is_run = task.QUEUE == "steps"
            (self.runs if is_run else self.people).queued(Due(task.profile, "", task.due))
            self.lateness.note("runs" if is_run else "profiles", task.due, at + dispatched.delay)

    def read(self) -> Progress:
        """The stored progress."""
        self.takes(CALL)
        return self._progress

    def save(self, progress: Progress) -> Progress:
        """Store it."""
        self.takes(CALL)
        self._progress = progress
        return progress

    def tick(self, instants: Iterable[int]) -> None:
        """Ticks at these instants, with what they hand over in between."""
        waiting = deque(instants)
        while waiting or self._handed:
            if not self._handed or (waiting and waiting[0] <= self._handed[0][0]):
                self._invoke(waiting.popleft(), tick)
                continue
            seen, _, task = heapq.heappop(self._handed)
            free = heapq.heappop(self._lanes)
            begin = max(seen + TAKEN, free) if free >= 0 else seen + TAKEN + COLD
            self._invoke(begin, lambda context, clock, late, task=task: queue_shard(context, task, clock, late))
            heapq.heappush(self._lanes, self.now)

    def _invoke(self, begin: float, work: Callable[..., object]) -> None:
        self.invocations += 1
        self.now, self.until = begin, begin + _TICK.timeout
        settings = read({"DUE_SHARDS": str(self.shards)})
        context = Context(cast("Ports", self), settings, _unused, int(begin))
        work(context, lambda: int(self.now), lambda: self.until - self.now < _MARGIN)

    def tick_as_before(self, instants: Iterable[int], ahead: int) -> None:
        """What a tick did before: all of a shard is listed, then sent; the next minute begins with what is left."""
        sent: Counter[tuple[str, int]] = Counter()
        for begin in instants:
            self.invocations += 1
            self.now, self.until = float(begin), float(begin + _TICK.timeout)
            try:
                for shard in range(self.shards):
                    for table, index in (("profiles", self.people), ("runs", self.runs)):
                        self._everything(index, (table, shard), begin + ahead, sent)
            except Stopped:
                pass

    def _everything(self, index: Index, place: tuple[str, int], before: int, sent: Counter[tuple[str, int]]) -> None:
        """List the shard, then send it; ``sent`` counts what was processed and left the index."""
        listed, began = index.listed(place[1], before, sent[place]), int(self.now)
        for begin in range(listed.start, listed.stop, 10):
            self.takes(CALL + self.processor(self.costs.batch))
            for number in range(begin, min(begin + 10, listed.stop)):
                self.visible(dispatch(index.row(place[1], number), began), self.now)
            sent[place] = min(begin + 10, listed.stop)


def _unused() -> Any:
    raise AssertionError("a tick needs no definitions")
