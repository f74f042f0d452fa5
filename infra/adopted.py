"""Restored tables that the stack uses in the place of its own, as the context names them.

    log=segue-log-restored@2026-11-27T03:00:00.000,definitions=segue-definitions-restored

What stands behind the @ is the label of the table's stream, which belongs to its ARN: a table with a stream has one.
``segue adopt`` checks the tables, and prints the value.
"""

import re
from collections.abc import Mapping
from typing import NamedTuple

from functions.topology import TABLES

_NAME = re.compile(r"[A-Za-z0-9_.-]{3,255}")
_LABEL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+")


class AdoptedTable(NamedTuple):
    """The name of a restored table, and the label of its stream; empty without one."""

    name: str
    label: str


def read(value: str) -> Mapping[str, AdoptedTable]:
    """The restored tables by their names in the topology."""
    return {table: AdoptedTable(*place.partition("@")[::2]) for table, place in _pairs(value)}


def faults(value: str) -> list[str]:
    """What is wrong with the value, in words."""
    pairs, rows = _pairs(value), {row.name: row for row in TABLES}
    found = []
    for table, place in pairs:
        name, _, label = place.partition("@")
        if table not in rows:
            found.append(f"tables={value!r}: {table!r} is none of {', '.join(rows)}")
        elif not _NAME.fullmatch(name):
            found.append(f"tables={value!r}: {name!r} is no name of a table, for {table}")
        elif bool(rows[table].stream) != bool(_LABEL.fullmatch(label)):
            wanted = "@ and the label of its stream" if rows[table].stream else "its name alone"
            found.append(f"tables={value!r}: {table} is given as {wanted}; `segue adopt` prints it")
    names = [place.partition("@")[0] for _, place in pairs]
    if len(set(names)) < len(names) or len({table for table, _ in pairs}) < len(pairs):
        found.append(f"tables={value!r} names something twice")
    return found


def warning(tables: Mapping[str, AdoptedTable], reads: int, writes: int) -> str:
    """What the bounds of the stack (0 for none) do not reach; empty if nothing."""
    if not tables or not (reads or writes):
        return ""
    given = [f"{name}={table.name}" for name, table in tables.items()]
    given += [f"--max-read-units {reads}"] if reads else []
    given += [f"--max-write-units {writes}"] if writes else []
    return (
        f"max_read_units and max_write_units do not reach {', '.join(tables)}, which the stack only uses:"
        f" `segue adopt --prepare {' '.join(given)}`"
    )


def _pairs(value: str) -> list[tuple[str, str]]:
    return [each.strip().partition("=")[::2] for each in value.split(",") if each.strip()]
