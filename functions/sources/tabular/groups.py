"""Rows that are one order: those that stand together and have the same name in a column."""

from collections.abc import Iterable, Iterator
from itertools import groupby, islice

from functions.sources.tabular import values
from functions.sources.tabular.records import Layout, Refusal, Row

# The most rows of one order.
LINES = 500


def group_name(row: Row | Refusal, layout: Layout) -> str:
    """What the row's order is called in the file; empty if it is no order's, or nobody can tell."""
    column = layout.group or layout.columns.get("order_id", "")
    return "" if layout.kind != "orders" or isinstance(row, Refusal) else _name(row, column)


def together(layout: Layout) -> str:
    """What makes the rows of an order stand together."""
    if layout.group:
        return f"sort the file by {layout.group}"
    return f"say --group {layout.columns.get('order_id', 'COLUMN')} if several rows are one order"


def groups(rows: Iterable[Row | Refusal], layout: Layout) -> Iterator[list[Row] | Refusal]:
    """The rows of each order; one beside a row that is no order's for certain is refused, since that may be its."""
    if not layout.group:
        yield from (row if isinstance(row, Refusal) else [row] for row in rows)
        return
    held: list[Row] = []
    doubtful = 0
    for name, group in groupby(rows, lambda row: _name(row, layout.group)):
        members = list(islice(group, LINES + 1))
        if held:
            yield held if name else _beside(held, members[0].line)
        held = [row for row in members if isinstance(row, Row)] if name else []
        if held and doubtful:
            yield _beside(held, doubtful)
            held = []
        if not name:
            yield from (row if isinstance(row, Refusal) else _nameless(row, layout) for row in members)
        doubtful = 0 if name else members[-1].line
    if held:
        yield held


def _beside(rows: list[Row], line: int) -> Refusal:
    return Refusal(rows[0].line, f"stands beside row {line}, which may be a part of it and cannot be taken")


def _nameless(row: Row, layout: Layout) -> Refusal:
    return Refusal(row.line, f"{layout.group}: is empty")


def _name(row: Row | Refusal, column: str) -> str:
    return "" if isinstance(row, Refusal) else values.text(row.values.get(column)) or ""
