"""``python -m bench.batch 1000000``: everybody's memberships anew, beside engines that read the whole file at once."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.batch_engines import ENGINES, SEGMENTS, Checksum, ours
from bench.batch_file import write
from bench.table import Row, show

PEOPLE = 20_000
BUDGET = 1.25
FILE = ("numpy", "pyarrow")


def rows(people: int = PEOPLE) -> Iterator[Row]:
    """Seconds of all processors together, since others may want them too; answers compared by checksum."""
    missing = [name for name in (*FILE, *ENGINES) if find_spec(name) is None]
    yield from (Row(f"{name}: not installed, left out", 0, "") for name in missing)
    if any(name in missing for name in FILE):
        return
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.parquet"
        events = write(path, people)
        own, elapsed, expected = _timed(ours, path)
        what = f"{people:,} people, {SEGMENTS} segments"
        per = f"{events:,} events; {1e6 * own / people:,.0f} µs a person"
        yield Row(f"{what}: ours", own, "s", note=f"{elapsed:.3g} s elapsed; {per}")
        for name, ask in ENGINES.items():
            if name not in missing:
                took, elapsed, answer = _timed(ask, path)
                same = "same answers" if answer == expected else "OTHER ANSWERS"
                yield Row(f"{what}: {name}", took, "s", note=f"{elapsed:.3g} s elapsed; {same}")
                yield Row(f"ours beside {name}", own / took, "times", BUDGET if name == "polars" else None)


def _timed(ask: Callable[[Path], Checksum], path: Path) -> tuple[float, float, Checksum]:
    """Seconds of the processors, seconds of the clock, and the answer."""
    begin, clock = _processors(), time.perf_counter()
    answer = ask(path)
    return _processors() - begin, time.perf_counter() - clock, answer


def _processors() -> float:
    """What all threads, and all processes that have ended, have used."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


if __name__ == "__main__":
    show("Everybody at once", rows(*map(int, sys.argv[1:])))
