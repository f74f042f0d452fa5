"""What `segue import` takes; apart from the command, since every step of an import reads it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.completion import programs
from cli.options import AsJson, LocalHost

_COLUMNS, _VALUES = "Columns", "How values are written"


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What is in which column."""

    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Whose export it is; recognised by its columns without it. none: guess every column.",
            metavar="PROGRAM",
            autocompletion=programs,
            rich_help_panel=_COLUMNS,
        ),
    ] = None
    kind: Annotated[
        Literal["customers", "orders", "events"] | None,
        typer.Option(help="What the rows are; guessed without it.", rich_help_panel=_COLUMNS),
    ] = None
    map: Annotated[
        list[str] | None,
        typer.Option(
            help="target=column pairs over what is guessed; target=:value for a value of every row, target= for none.",
            metavar="PAIRS",
            rich_help_panel=_COLUMNS,
        ),
    ] = None
    group: Annotated[
        str | None,
        typer.Option(
            help="Rows that stand together with the same value here are one order.",
            metavar="COLUMN",
            rich_help_panel=_COLUMNS,
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Values:
    """How the file writes its values; None where nothing was said."""

    dates: Annotated[
        str | None,
        typer.Option(
            help="The order of day, month and year where dates are not ISO: DD.MM.YYYY, MM/DD/YYYY …",
            metavar="FORM",
            rich_help_panel=_VALUES,
        ),
    ] = None
    timezone: Annotated[
        str | None,
        typer.Option(
            help="The zone of dates without one, such as Europe/Berlin; UTC.", metavar="ZONE", rich_help_panel=_VALUES
        ),
    ] = None
    currency: Annotated[
        str | None,
        typer.Option(help="The currency of amounts without one; the shop's.", metavar="CODE", rich_help_panel=_VALUES),
    ] = None
    decimal: Annotated[
        Literal[".", ","] | None,
        typer.Option(help="What stands before the decimals of amounts; a point.", rich_help_panel=_VALUES),
    ] = None
    minor: Annotated[
        bool, typer.Option("--minor", help="Amounts are whole numbers of cents.", rich_help_panel=_VALUES)
    ] = False
    answers: Annotated[
        str | None,
        typer.Option(
            help="Words of the column of consent: optin=yes,optout=no,double=pending,unknown=none.",
            metavar="PAIRS",
            rich_help_panel=_VALUES,
        ),
    ] = None
    encoding: Annotated[
        str | None,
        typer.Option(help="UTF-8 without it; cp1252 of older Windows.", metavar="NAME", rich_help_panel=_VALUES),
    ] = None


@dataclass(frozen=True, kw_only=True)
class Arguments(Columns, Values, LocalHost, AsJson):
    """The arguments of ``segue import``."""

    file: Annotated[
        Path,
        typer.Argument(help="CSV or JSON lines, gzipped or in a ZIP, too; or Parquet.", metavar="FILE"),
    ]
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, send nothing.")] = False
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Import without being asked.")] = False
    resume: Annotated[bool, typer.Option("--resume", help="Go on where an interrupted import of it stopped.")] = False
    refused: Annotated[
        Path | None,
        typer.Option(help="The report of refused rows; FILE.refused.csv beside the file.", metavar="FILE"),
    ] = None
    key: Annotated[
        str | None,
        typer.Option(
            help="The server key; a local host tells its own.",
            envvar="SEGUE_SERVER_KEY",
            metavar="KEY",
            rich_help_panel="Host",
        ),
    ] = None
