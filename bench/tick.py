"""``python -m bench.tick``: how late timers are queued when a million fall due within a minute, or a tick is missed.

The use cases run as they are, on ports that take time instead of asking: 5 ms a call, and the processor that the
adapters take for it, measured here. The time is counted and not waited for (bench/tick_world.py). Beside it stands what
a tick did before: it listed each shard as a whole, then sent batch after batch, and began again every minute.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.table import Row, show
from bench.tick_costs import measured
from bench.tick_world import Load, World
from functions.topology import FUNCTIONS

MINUTE = 60
# The minute in which everything falls due begins here, and the first tick comes so much earlier.
DUE = 1_900_000_020
LEAD = 4 * MINUTE
LIMIT = 3 * MINUTE
MILLION = 1_000_000

# What a release before this one had: memory (MB), shards, and how far a tick looked ahead (seconds).
BEFORE = (512, 4, 75)


@dataclass(frozen=True, slots=True)
class Case:
    """Steps and profiles that fall due within ``spread`` seconds; ``missed`` ticks do not come, each is ``late``."""

    name: str
    steps: int
    profiles: int
    spread: int = MINUTE
    missed: tuple[int, ...] = ()
    late: Sequence[int] = (0,)

    def ticks(self, minutes: int) -> list[int]:
        """When ticks come."""
        instants = [DUE - LEAD + minute * MINUTE for minute in range(minutes)]
        kept = [instant for minute, instant in enumerate(instants) if minute not in self.missed]
        return [instant + self.late[place % len(self.late)] for place, instant in enumerate(kept)]


CASES = (
    Case("a million in one minute", MILLION // 5, MILLION - MILLION // 5),
    Case("a million in one second", MILLION // 5, MILLION - MILLION // 5, spread=1),
    Case("twenty thousand, one tick missed", 4_000, 16_000, missed=(3,)),
    Case("a million, one tick missed, others 0 to 59 s late", 200_000, 800_000, missed=(3,), late=(59, 0, 31, 59)),
)


def rows() -> Iterator[Row]:
    """This part of the table."""
    costs = measured()
    yield Row(
        "processor for ten messages, for a page of rows", costs.batch * 1000, "ms", note=f"{costs.page * 1000:.2f} ms"
    )
    for case in CASES:
        load = Load(DUE, case.spread, {"runs": case.steps, "profiles": case.profiles})
        memory, shards, ahead = BEFORE
        before = World(load, shards, memory, costs)
        before.tick_as_before(case.ticks(30), ahead)
        yield from _rows(f"{case.name}: before", before, None)
        after = World(load, 64, next(row.memory for row in FUNCTIONS if row.name == "tick"), costs)
        after.tick(case.ticks(20))
        yield from _rows(case.name, after, LIMIT)


def _rows(name: str, world: World, budget: float | None) -> Iterator[Row]:
    lateness = world.lateness
    for table in ("runs", "profiles"):
        p50, p99, most = (lateness.percentile(table, share) for share in (0.5, 0.99, 1))
        note = f"p50 {p50:.1f} s, most {most:.1f} s"
        yield Row(f"{name}: {table} late, p99", p99, "s", note=note)
    left = world.load.total - lateness.queued
    note = f"{world.invocations} invocations, {world.calls} calls" + (f", {left} never" if left else "")
    yield Row(f"{name}: all queued after", lateness.last - DUE, "s", budget, note)


if __name__ == "__main__":
    show("Timers: how late they are queued", rows())
