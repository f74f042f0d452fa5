"""The import itself: rows to messages to batches to the door, with what is refused in the report."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import NamedTuple

from cli.imports.batches import Item, batches, item
from cli.imports.door import Door
from cli.imports.layouts import Chosen
from cli.imports.parts import Part, Size
from cli.imports.place import Place, Totals
from cli.imports.report import Report
from cli.progress import bar
from functions.sources.tabular.messages import translate
from functions.sources.tabular.records import Messages
from functions.sources.tabular.seen import Seen, scattered

# Rows that say what another one says of which the lines are told.
_NAMED = 5


class Input(NamedTuple):
    """A part with its layout and its size."""

    part: Part
    chosen: Chosen
    size: Size


@dataclass(slots=True)
class Import:
    """What is imported: the parts, the orders of which no row is taken, and the instant until which things happened.

    quiet  draw no bar
    same  the lines of the first rows whose messages another row has as well; ``same_count`` of all of them
    """

    inputs: Sequence[Input]
    now: str
    apart: set[str] = field(default_factory=set)
    quiet: bool = False
    same: list[int] = field(default_factory=list)
    same_count: int = 0

    @classmethod
    def of(cls, inputs: Sequence[Input], now: str, *, quiet: bool = False) -> "Import":
        """The import of the parts; reads the names of all orders."""
        seen, apart = Seen(), set[str]()
        for each in inputs:
            if each.chosen.layout.kind == "orders":
                apart |= scattered(each.part.rows(), each.chosen.layout, seen)
        return cls(inputs, now, apart, quiet)

    def digest(self, url: str) -> str:
        """Tells it from an import of other bytes, in another layout, or into another host."""
        parts = [(each.part.name, each.size.digest, repr(each.chosen.layout)) for each in self.inputs]
        return hashlib.sha256(repr((url, parts)).encode()).hexdigest()

    @property
    def lines(self) -> int:
        """Of all parts."""
        return sum(each.size.lines for each in self.inputs)

    def items(self) -> Iterator[Item]:
        """Every row or order, in the order of the files."""
        known = Seen()
        self.same, self.same_count = [], 0
        for part, layout in ((each.part, each.chosen.layout) for each in self.inputs):
            for told in translate(part.rows(), layout, self.now, self.apart):
                if isinstance(told, Messages) and not known.add(told.bodies[0]["messageId"]):
                    self._note(told.line)
                yield item(part.name, told)

    def _note(self, line: int) -> None:
        self.same_count += 1
        if len(self.same) < _NAMED:
            self.same.append(line)


def carry_out(task: Import, door: Door | None, report: Report, place: Place) -> Totals:
    """Send what is behind the place, keeping it; without a door read everything and send nothing."""
    totals = replace(place.totals)
    before = {
        each.part.name: sum(other.size.lines for other in task.inputs[:at]) for at, each in enumerate(task.inputs)
    }
    with _bar(task, "importing" if door else "reading") as move:
        for batch in batches(islice(task.items(), totals.items, None)):
            refused = door.take(batch) if door else []
            _count(totals, batch, refused, report)
            if door:
                place.save(totals, report.size())
            move(before[batch[-1].part] + batch[-1].line, task.lines)
    if door:
        place.remove()
    return totals


@contextmanager
def _bar(task: Import, label: str) -> Iterator[Callable[..., None]]:
    if task.quiet:
        yield lambda *_: None
        return
    with bar(label, task.lines) as move:
        yield move


def _count(totals: Totals, batch: Sequence[Item], refused: Sequence[Item], report: Report) -> None:
    """Add a batch to the totals, and what is refused of it to the report, in the order of the file."""
    by_place = {(each.part, each.line): each for each in refused}
    for each in batch:
        refusal = by_place.get((each.part, each.line), each).refusal
        if refusal is None:
            totals.taken += 1
            totals.messages += len(each.messages)
        elif refusal.unasked:
            totals.unasked += 1
        else:
            totals.refused += 1
            report.write(each.part, each.line, refusal.reason)
    totals.items += len(batch)
