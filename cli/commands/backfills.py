"""Show the backfills that follow publications, and how far each is."""

from dataclasses import dataclass
from typing import Annotated

import typer

from cli import output
from cli.backfills import describe
from cli.client import connect
from cli.options import AsJson, Host

EXAMPLES = ("segue backfills --local", "segue backfills --limit 20 --json --local")


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    limit: Annotated[int, typer.Option(help="How many, the latest first.", min=1)] = 5


def run(args: Arguments) -> int:
    """Print one line for each."""
    with connect(args) as client:
        backfills = client.get("/api/backfills", {"limit": args.limit})["backfills"]
    if args.json:
        output.as_json(backfills)
    else:
        for each in backfills:
            output.line(describe(each))
        if not backfills:
            output.line("no publication asked for a backfill yet")
    return 0
