"""What an import is about to do and what it did, in words and as JSON."""

from collections.abc import Iterator, Sequence
from typing import Any

from cli import output
from cli.imports.importing import Import, Input
from cli.imports.place import Totals
from cli.imports.report import Report
from cli.styles import Part as Styled

_WIDEST = 40


def show(inputs: Sequence[Input]) -> None:
    """Print which column is what, with a row as the sample."""
    for each in inputs:
        for line in _lines(each):
            output.line(*line)


def _lines(each: Input) -> Iterator[Sequence[Styled]]:
    chosen, layout = each.chosen, each.chosen.layout
    known = f", {chosen.export}" if chosen.export else ""
    yield (f"{each.part.name}: {layout.kind}{known}; row {chosen.sample.line} as a sample", "bold"), ""
    wide = max(map(len, (*layout.columns, *layout.constants)), default=0)
    across = min(_WIDEST, max(map(len, layout.columns.values()), default=0))
    for target, column in layout.columns.items():
        value = _short(chosen.sample.values.get(column))
        yield f"  {target:<{wide}}  {column:<{across}}  {value}  ", (chosen.why[target], "dim")
    for target, value in layout.constants.items():
        yield f"  {target:<{wide}}  always {value}", ""
    if layout.group:
        yield f"  rows with the same {layout.group} that stand together are one order", ""
    for column, wanted in layout.only.items():
        yield f"  only rows in which {column} is {wanted}", ""
    for column, others in layout.never.items():
        yield f"  no rows in which {column} is {', '.join(others)}", ""
    if chosen.left:
        yield (f"  not taken: {', '.join(chosen.left)}", "dim"), ""
    if chosen.asked:
        yield (f"  no consent is taken; if {chosen.asked[0]!r} is it: --map consent={chosen.asked[0]}", "yellow"), ""


def _short(value: Any) -> str:
    text = "" if value is None else str(value)
    return repr(text if len(text) <= _WIDEST else f"{text[:_WIDEST]}…")


def conclude(task: Import, totals: Totals, report: Report, *, dry_run: bool) -> None:
    """Print how it ended."""
    rows = (
        f"{totals.taken:,} row{'' if totals.taken == 1 else 's'} or orders"
        if _has_orders(task)
        else _rows(totals.taken)
    )
    verb = "would import" if dry_run else "imported"
    messages = f"{totals.messages:,} message{'' if totals.messages == 1 else 's'}"
    output.line((f"{verb} {rows} as {messages}", "bold green"))
    if totals.unasked:
        output.line(f"  {_rows(totals.unasked)} of another kind passed over")
    if task.same_count:
        lines = ", ".join(map(str, task.same)) + (" …" if task.same_count > len(task.same) else "")
        output.line(f"  {_rows(task.same_count)} said what a row before says, and count once (row {lines})")
        output.line("  if they are several, --map id=COLUMN tells them apart")
    if totals.refused:
        output.line((f"  {totals.refused:,} refused: {report.path}", "yellow"))
    if dry_run:
        output.line("  nothing was sent")


def as_json(task: Import, totals: Totals, report: Report, *, dry_run: bool) -> dict[str, Any]:
    """The same for programs."""
    return {
        "dry_run": dry_run,
        "parts": [
            {
                "file": each.part.name,
                "kind": each.chosen.layout.kind,
                "export": each.chosen.export or None,
                "columns": dict(each.chosen.layout.columns),
                "constants": dict(each.chosen.layout.constants),
                "group": each.chosen.layout.group or None,
            }
            for each in task.inputs
        ],
        "taken": totals.taken,
        "messages": totals.messages,
        "refused": totals.refused,
        "unasked": totals.unasked,
        "same": task.same_count,
        "report": str(report.path) if totals.refused else None,
    }


def _has_orders(task: Import) -> bool:
    return any(each.chosen.layout.group for each in task.inputs)


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"
