"""``python -m bench.importing [rows [events]]``: an import of a CSV file of events.

``rows`` (a million) go from the file to the requests, which nobody takes: what the machine of whoever imports has to
do, measured in a process of its own. ``events`` (20,000) go on through the local host until every profile is folded,
and the calls and units of some thousand of them are counted.
"""

import csv
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.bill import Bill, bill
from bench.path import Shop, metered, opened
from bench.table import Row, show
from cli.imports import place
from cli.imports.door import Door
from cli.imports.importing import Import, Input, carry_out
from cli.imports.layouts import choose
from cli.imports.options import Arguments
from cli.imports.parts import parts
from cli.imports.place import Totals
from cli.imports.report import Report
from local.runtime.lambda_events import LocalRequest

ROWS, EVENTS, METERED = 1_000_000, 20_000, 4_000
# Events of a person, over three years.
EACH, YEARS = 20, 3 * 365 * 86_400
NAMES = ("Product Viewed", "Product Viewed", "Product Added", "Order Completed")


def rows(lines: int = ROWS, events: int = EVENTS) -> list[Row]:
    """This part of the table."""
    return [*_alone(lines), *_through(events)]


def _alone(lines: int) -> Iterator[Row]:
    """The importing machine's part, by a process that does nothing else."""
    done = subprocess.run([sys.executable, "-m", "bench.importing", "--alone", str(lines)], capture_output=True,
                          text=True, check=True)  # fmt: skip
    seconds, used, megabytes, requests = map(float, done.stdout.split())
    note = f"{requests:,.0f} requests; {used:.0f} s of processor"
    yield Row(f"{lines:,} rows of CSV to requests", lines / seconds, "rows/s", None, note)
    yield Row(f"{lines:,} rows of CSV to requests", megabytes, "MB", 200, "the whole process at its largest")


def _through(events: int) -> Iterator[Row]:
    """The host's part: everything folded, everybody evaluated."""
    with opened() as shop:
        host = _Host(shop)
        began, used = time.perf_counter(), time.process_time()
        with _import(events) as task:
            totals = _carry_out(task, host)
        took, used = time.perf_counter() - began, time.process_time() - used
        assert totals.messages == events, totals
        megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        note = f"{events / EACH:,.0f} people; {1000 * used / events:.2f} ms of processor an event"
        yield Row(f"{events:,} events of CSV through the local host", events / took, "events/s", None, note)
        yield Row("the same", megabytes, "MB", None, "the host with its tables in memory, and the import")
        cost = _cost(shop, host)
    yield Row("write units an imported event", cost.writes, "units")
    yield Row("read units an imported event", cost.reads, "units")
    yield Row("dollars per million imported events", cost.dollars, "$", None, cost.shares)


def _cost(shop: Shop, host: "_Host") -> Bill:
    """Of events of people who are new, ``EACH`` of everybody."""
    meter = metered(shop)
    with _import(METERED, "m") as task:

        def act() -> None:
            _carry_out(task, host)

        return bill(shop.host, meter, METERED, act)


class _Host:
    """Takes batches, and has each folded before the next comes."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def call(self, method: str, path: str, **request: Any) -> Any:
        """Send a batch."""
        headers = (*self._shop.server_key, ("content-type", "application/json"))
        answer = self._shop.host.request(LocalRequest(method, path, headers=headers, body=request["content"]))
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {answer.body!r}")
        self._shop.settle()


class _Nobody:
    """Counts requests."""

    requests = 0

    def call(self, method: str, path: str, **request: Any) -> Any:
        """Nothing."""
        self.requests += 1


@contextmanager
def _import(events: int, prefix: str = "u") -> Iterator[Import]:
    """The import of a file of so many events."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "events.csv"
        _write(path, events, prefix)
        (part,) = parts(path, None)
        chosen = choose(part, Arguments(file=path, map=["property.product_id=product", "id=id"]))
        assert chosen
        yield Import.of([Input(part, chosen, part.size())], _text(int(time.time())))


def _carry_out(task: Import, host: Any) -> Totals:
    """Import everything."""
    path = task.inputs[0].part.path
    with Report(path.with_name("refused.csv")) as report:
        return carry_out(task, Door(host), report, place.fresh(path.with_name("place.json"), ""))


def _write(path: Path, events: int, prefix: str) -> None:
    """Events in the order of their time, as a program exports them: those of a person lie apart."""
    now, people = int(time.time()), max(1, events // EACH)
    with path.open("w", newline="") as file:
        line = csv.writer(file).writerow
        line(["id", "email", "time", "event", "product", "total", "currency"])
        for number in range(events):
            name = NAMES[number // people % len(NAMES)]
            total = f"{number % 200}.50" if name == "Order Completed" else ""
            when = _text(now - YEARS + number * (YEARS - 60) // events)
            line([number, f"{prefix}{number % people}@mail.example", when, name, f"p{number % 500}", total, "EUR"])


def _text(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).isoformat().replace("+00:00", ".000Z")


def _measure(lines: int) -> None:
    """Print seconds, those of the processor, megabytes and requests of an import that nobody takes."""
    nobody = _Nobody()
    with _import(lines) as task:
        began, used = time.perf_counter(), time.process_time()
        _carry_out(task, nobody)
        took, used = time.perf_counter() - began, time.process_time() - used
        print(took, used, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, nobody.requests)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--alone"]:
        _measure(int(sys.argv[2]))
    else:
        show("An import of a file", rows(*map(int, sys.argv[1:])))
