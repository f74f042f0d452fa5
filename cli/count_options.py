"""What `segue count` takes; apart from the command, since what counts reads it and is imported only where polars is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli.options import AsJson


@dataclass(frozen=True, kw_only=True)
class Arguments(AsJson):
    """The arguments of ``segue count``."""

    definitions: Annotated[Path, typer.Argument(help="A segment's file, or a folder that holds segments/ and scores/.")]
    events: Annotated[Path, typer.Option(help="A Parquet or CSV file of events.", metavar="FILE")]
    at: Annotated[str | None, typer.Option(help="As of this instant (RFC 3339) instead of now.", metavar="TIME")] = None
    timezone: Annotated[
        str, typer.Option(help="Where the shop's days begin, such as Europe/Berlin.", metavar="ZONE")
    ] = "UTC"
    currency: Annotated[
        str | None,
        typer.Option(
            help="In which amounts count, such as EUR; without it the base of rates/rates.yaml.", metavar="CODE"
        ),
    ] = None
    who: Annotated[
        Path | None,
        typer.Option(help="Write who they are into this CSV file, a line for each: segment, person.", metavar="FILE"),
    ] = None
