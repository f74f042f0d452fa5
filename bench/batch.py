"""``python -m bench.batch 1000000``: everybody's memberships anew, beside engines that read the whole file at once."""

import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from bench.batch_engines import ENGINES, SEGMENTS, ours, sample
from bench.batch_file import write
from bench.table import Row, show

PEOPLE = 200_000
# How many are asked one by one as well.
SAMPLE = 2_000
BUDGET = 1.25
FILE = ("numpy", "pyarrow", "polars")


class Timed(NamedTuple):
    """An answer, the seconds of all processors together, those of the clock, and the megabytes at the peak."""

    answer: Any
    seconds: float
    elapsed: float
    megabytes: float

    @property
    def note(self) -> str:
        return f"{self.elapsed:.3g} s elapsed, {self.megabytes:,.0f} MB"


def rows(people: int = PEOPLE) -> Iterator[Row]:
    """Seconds of all processors, since others may want them too; each in a process of its own, answers compared."""
    missing = [name for name in dict.fromkeys((*FILE, *ENGINES)) if find_spec(name) is None]
    yield from (Row(f"{name}: not installed, left out", 0, "") for name in missing)
    if any(name in missing for name in FILE):
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        events = write(path, people)
        own = _apart(ours, path)
        what = f"{people:,} people, {SEGMENTS} segments"
        yield Row(f"{what}: ours", own.seconds, "s", note=f"{own.note}; {events:,} events")
        for name, ask in ENGINES.items():
            if name not in missing:
                other = _apart(ask, path)
                same = "same answers" if other.answer == own.answer else "OTHER ANSWERS"
                yield Row(f"{what}: {name}", other.seconds, "s", note=f"{other.note}; {same}")
                budget = BUDGET if name == "polars" else None
                yield Row(f"ours beside {name}", own.seconds / other.seconds, "times", budget)
        yield _alone(path, max(1, people // SAMPLE))


def _alone(path: Path, every: int) -> Row:
    asked, seconds, same = _apart(sample, path, every).answer
    note = f"a person; {asked:,} people, {'same answers' if same else 'OTHER ANSWERS'}"
    return Row("person by person through the engine", 1e6 * seconds / asked, "µs", note=note)


def _apart(ask: Callable[..., Any], *arguments: Any) -> Timed:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_timed, ask, *arguments).result()


def _timed(ask: Callable[..., Any], *arguments: Any) -> Timed:
    begin, clock = _processors(), time.perf_counter()
    answer = ask(*arguments)
    seconds, elapsed = _processors() - begin, time.perf_counter() - clock
    return Timed(answer, seconds, elapsed, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _processors() -> float:
    """What all threads have used."""
    used = os.times()
    return used.user + used.system


if __name__ == "__main__":
    show("Everybody at once", rows(*map(int, sys.argv[1:])))
