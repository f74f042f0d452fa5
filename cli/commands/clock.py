"""Show or move the clock of the local host; everything due on the way happens on its second."""

from dataclasses import dataclass
from typing import Annotated

import typer

from cli import output
from cli.client import Client, local_keys, local_url
from cli.options import AsJson, LocalHost
from cli.progress import bar
from cli.spans import span

EXAMPLES = ("segue clock", "segue clock 24h", "segue clock 1h30m --json")
_PATH = "/_local/clock"


@dataclass(frozen=True, kw_only=True)
class Arguments(LocalHost, AsJson):
    """The command's arguments; no other kind of host has a clock, so --local is taken and changes nothing."""

    advance: Annotated[
        int | None,
        typer.Argument(parser=span, help="How far: 30m, 24h, 2d; shows the clock without one.", metavar="SPAN"),
    ] = None


def run(args: Arguments) -> int:
    """Print the time of the host's clock."""
    url = args.url or local_url()
    local_keys(url)
    with Client(url) as client, bar("the clock goes on"):
        answer = client.get(_PATH) if args.advance is None else client.post(_PATH, {"advance": f"{args.advance}s"})
    output.as_json(answer) if args.json else output.line(answer["now"])
    return 0
