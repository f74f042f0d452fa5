"""Restored tables: whether each is what the stack needs in its place, and what a restore has left off.

A restore makes a new table with the keys, the indexes and the rows. Its stream, its TTL, its own point-in-time recovery
and its protection are off:
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/pointintimerecovery_restores.html
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions.topology import TABLES
from functions.topology_rows import Index, Table

# What a restore leaves off, in the order in which it is turned on.
STREAM, EXPIRY, RECOVERY, PROTECTION = "stream", "ttl", "point-in-time recovery", "deletion protection"
# What was asked for besides.
BOUNDS = "bounds"
# CloudFormation names a table after the stack, the logical id (its path and eight digits) and something of its own.
_NAMED_BY_STACK = re.compile(r"-resourcestables(?P<table>[a-z]+)[0-9A-F]{8}-")
# DynamoDB leaves out how a table is billed that was provisioned from its beginning.
_ON_DEMAND = "PAY_PER_REQUEST"
_STACK = "aws:cloudformation:stack-name"

Described = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What AWS says of a table: its description, its attribute of TTL, whether it can be restored, and its tags."""

    description: Described
    expires: str | None
    recoverable: bool
    tags: Mapping[str, str]

    @property
    def label(self) -> str:
        """The label of its stream; empty without one."""
        return str(self.description.get("LatestStreamLabel") or "") if self._stream else ""

    @property
    def view(self) -> str:
        """What its stream shows; empty without one."""
        return str(self._stream.get("StreamViewType", ""))

    @property
    def _stream(self) -> Described:
        found: Described = self.description.get("StreamSpecification") or {}
        return found if found.get("StreamEnabled") else {}


def row_of(name: str) -> Table | None:
    """The table of this name in the topology."""
    return next((each for each in TABLES if each.name == name), None)


def faults(row: Table, found: Found) -> list[str]:
    """Why the table cannot stand in the place of this row, each in words; nothing is changed then."""
    return [*_place_faults(row, found), *_shape_faults(row, found)]


def lacking(row: Table, found: Found) -> list[str]:
    """What a restore has left off and ``segue adopt --prepare`` turns on."""
    wanted = {
        STREAM: bool(row.stream) and not found.view,
        EXPIRY: bool(row.ttl) and found.expires != row.ttl,
        RECOVERY: not found.recoverable,
        PROTECTION: not found.description.get("DeletionProtectionEnabled"),
    }
    return [what for what, missing in wanted.items() if missing]


def given(row: Table, found: Found) -> str:
    """The table as the context value ``tables`` names it."""
    place = f"{row.name}={found.description['TableName']}"
    return f"{place}@{found.label}" if row.stream else place


def _place_faults(row: Table, found: Found) -> Iterator[str]:
    """A table that belongs to a stack, or is the copy of another one."""
    if stack := found.tags.get(_STACK):
        yield f"it belongs to the stack {stack}, and is no restored copy"
    source = str((found.description.get("RestoreSummary") or {}).get("SourceTableArn", ""))
    named = _NAMED_BY_STACK.search(source)
    if named and named["table"] != row.name:
        yield f"it is a copy of the table {named['table']}"
    if (status := found.description["TableStatus"]) != "ACTIVE":
        yield f"it is {status}: wait until it is ACTIVE"


def _shape_faults(row: Table, found: Found) -> Iterator[str]:
    if (mode := (found.description.get("BillingModeSummary") or {}).get("BillingMode")) != _ON_DEMAND:
        yield f"it is billed as {mode or 'PROVISIONED'}, and should be as {_ON_DEMAND}: change that first"
    types = {each["AttributeName"]: each["AttributeType"] for each in found.description["AttributeDefinitions"]}
    keys = [(row.hash, "S"), *([(row.range, "S")] if row.range else [])]
    if (stored := _keys(found.description, types)) != keys:
        yield f"its key is {_shown(stored)}, and should be {_shown(keys)}"
    indexes = {each["IndexName"]: each for each in found.description.get("GlobalSecondaryIndexes") or ()}
    for index in row.indexes:
        yield from _index_faults(index, indexes.get(index.name), types)
    if found.view not in ("", row.stream):
        yield f"its stream shows {found.view}, and should show {row.stream or 'nothing'}: turn it off"
    if found.expires not in (None, row.ttl):
        yield f"its rows expire by {found.expires}, and should by {row.ttl or 'nothing'}: turn TTL off"


def _index_faults(index: Index, found: Described | None, types: Mapping[str, str]) -> Iterator[str]:
    if found is None:
        yield f"it has no index {index.name}: restore it with all indexes"
        return
    keys = [(index.hash, "S"), (index.range, index.range_type)]
    if (stored := _keys(found, types)) != keys:
        yield f"the key of its index {index.name} is {_shown(stored)}, and should be {_shown(keys)}"
    projected = found["Projection"]
    wanted = ("INCLUDE", sorted(index.include)) if index.include else ("KEYS_ONLY", [])
    if (projected["ProjectionType"], sorted(projected.get("NonKeyAttributes", []))) != wanted:
        yield f"its index {index.name} does not hold what it should: {', '.join(index.include) or 'keys alone'}"


def _keys(described: Described, types: Mapping[str, str]) -> list[tuple[str, str]]:
    in_order = sorted(described["KeySchema"], key=lambda each: each["KeyType"])
    return [(each["AttributeName"], types[each["AttributeName"]]) for each in in_order]


def _shown(keys: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} ({kind})" for name, kind in keys)
