"""Check tables that were restored from a point in time, and print how the stack is told to use them.

Each is compared with what the stack needs in its place. With --prepare, what a restore leaves off (streams, TTL,
point-in-time recovery, protection) is turned on, and the bounds that are given are set, unless anything is wrong with
any of them: then nothing is changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import aws, output, restored_tables, stored_formats
from cli.errors import CliError, Refusal
from cli.options import AsJson
from cli.restored_tables import BOUNDS, EXPIRY, PROTECTION, RECOVERY, STREAM, Found
from cli.table_bounds import Bounds
from functions.core.base.formats import READ
from functions.topology import TABLES
from functions.topology_rows import Table

EXAMPLES = (
    "segue adopt log=segue-log-restored profiles=segue-profiles-restored",
    "segue adopt definitions=segue-definitions-yesterday --prepare",
    "segue adopt log=segue-log-restored --prepare --max-write-units 4000",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The command's arguments."""

    tables: Annotated[
        list[str],
        typer.Argument(help="The table of the stack, =, and the name of the restored one.", metavar="TABLE=NAME"),
    ]
    prepare: Annotated[bool, typer.Option("--prepare", help="Turn on what a restore leaves off.")] = False
    max_read_units: Annotated[
        int | None,
        typer.Option(help="The most read units a second of each table and index; -1 for no bound.", metavar="N"),
    ] = None
    max_write_units: Annotated[
        int | None, typer.Option(help="The same of write units; without it the bound stays.", metavar="N")
    ] = None


def run(args: Arguments) -> int:
    """Check all, then prepare all if asked to, and print the context value."""
    rows, bounds = _rows(args.tables), Bounds(args.max_read_units, args.max_write_units)
    if bounds.wrong:
        raise CliError(bounds.wrong)
    client = aws.client("dynamodb")
    with aws.translated("DynamoDB"):
        found = {name: _found(client, name) for name in rows}
    if wrong := list(_wrong(rows, found)):
        raise Refusal(wrong, [{"message": each} for each in wrong])
    if unread := list(_unread(client, rows)):
        raise Refusal(unread, [{"message": each} for each in unread])
    lacking = _lacking(rows, found, bounds)
    if args.prepare:
        with aws.translated("DynamoDB"):
            for name, row in rows.items():
                _prepare(client, row, name, lacking[name])
                _bound(client, name, bounds.changes(row, found[name].description))
            found = {name: _found(client, name) for name in rows}
        lacking = _lacking(rows, found, bounds)
    value = ",".join(restored_tables.given(row, found[name]) for name, row in rows.items())
    _print(args, rows, lacking, "" if any(lacking.values()) else value)
    return 1 if any(lacking.values()) else 0


def _rows(given: list[str]) -> dict[str, Table]:
    """The row of the topology for each restored table, by its name; raises CliError."""
    known = ", ".join(each.name for each in TABLES)
    rows: dict[str, Table] = {}
    for pair in given:
        table, _, name = pair.partition("=")
        row = restored_tables.row_of(table)
        if row is None or not name:
            raise CliError(f"{pair!r} is no table and the name of its copy, such as log=segue-log-restored; {known}")
        if name in rows or row in rows.values():
            raise CliError(f"{pair}: a table has one copy, and a copy is of one table")
        rows[name] = row
    return rows


def _wrong(rows: Mapping[str, Table], found: Mapping[str, Found]) -> Iterator[str]:
    for name, row in rows.items():
        for fault in restored_tables.faults(row, found[name]):
            yield f"{name} cannot be {row.name}: {fault}"


def _lacking(rows: Mapping[str, Table], found: Mapping[str, Found], bounds: Bounds) -> dict[str, list[str]]:
    """What each table lacks: what a restore has left off, and the bounds if they are others."""
    return {
        name: restored_tables.lacking(row, found[name]) + [BOUNDS] * any(bounds.changes(row, found[name].description))
        for name, row in rows.items()
    }


def _unread(client: Any, rows: Mapping[str, Table]) -> Iterator[str]:
    """What this release could not read, by the copy of the table of formats, if there is one."""
    for name, row in rows.items():
        if row.name == "formats":
            answer = aws.ask(client, "GetItem", TableName=name, Key=stored_formats.KEY, ConsistentRead=True)
            if (number := stored_formats.stored(answer.get("Item"))) > READ:
                yield f"{name} says that format {number} is stored, and this release reads up to {READ}"


def _print(args: Arguments, rows: Mapping[str, Table], lacking: Mapping[str, list[str]], value: str) -> None:
    if args.json:
        tables = [{"table": row.name, "name": name, "lacking": lacking[name]} for name, row in rows.items()]
        output.as_json({"tables": tables, "context": value})
        return
    for name, row in rows.items():
        output.line(f"{row.name}: {name} {'lacks ' + ', '.join(lacking[name]) if lacking[name] else 'is ready'}")
    output.line(f"npx cdk deploy -c tables={value} …" if value else "`segue adopt --prepare` turns that on")


def _found(client: Any, name: str) -> Found:
    description = client.describe_table(TableName=name)["Table"]
    expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    on = expiry["TimeToLiveStatus"] in ("ENABLED", "ENABLING")
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    tags = client.list_tags_of_resource(ResourceArn=description["TableArn"])["Tags"]
    return Found(
        description,
        expires=expiry.get("AttributeName") if on else None,
        recoverable=recovery == "ENABLED",
        tags={each["Key"]: each["Value"] for each in tags},
    )


def _prepare(client: Any, row: Table, name: str, lacking: list[str]) -> None:
    """Turn on what is lacking; a table takes one change after the other."""
    if STREAM in lacking:
        stream = {"StreamEnabled": True, "StreamViewType": row.stream}
        client.update_table(TableName=name, StreamSpecification=stream)
        client.get_waiter("table_exists").wait(TableName=name)
    if EXPIRY in lacking:
        expiry = {"Enabled": True, "AttributeName": row.ttl}
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=expiry)
    if RECOVERY in lacking:
        on = {"PointInTimeRecoveryEnabled": True}
        client.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=on)
    if PROTECTION in lacking:
        client.update_table(TableName=name, DeletionProtectionEnabled=True)
        client.get_waiter("table_exists").wait(TableName=name)


def _bound(client: Any, name: str, changes: Iterable[Mapping[str, Any]]) -> None:
    """Set bounds, of the table and of each index one after the other."""
    for change in changes:
        client.update_table(TableName=name, **change)
        client.get_waiter("table_exists").wait(TableName=name)
