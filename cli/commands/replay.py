"""Take requests from quarantine again, after their mapping was mended; what still is not understood stays."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import output
from cli.client import Client, connect, quoted
from cli.errors import DONE, REFUSED, CliError
from cli.options import AsJson, Host
from cli.progress import track

EXAMPLES = ("segue replay shopify 0123abcd --local", "segue replay shopify --all --local", "segue replay --all --local")
_PATH = "/api/quarantine/replay"


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    source: Annotated[
        str | None, typer.Argument(help="Such as shopify; without one --all takes every source.", metavar="SOURCE")
    ] = None
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="The requests' ids, as `segue quarantine` shows them.", metavar="ID"),
    ] = None
    all: Annotated[bool, typer.Option("--all", help="Everything that the source left, or every source.")] = False


def run(args: Arguments) -> int:
    """Print what became of each, as one JSON object a line with --json; 1 if one still is not understood."""
    if args.all == bool(args.ids):
        raise CliError("which ones? name their ids, or --all")
    with connect(args) as client:
        answers = [_tell(args, each) for each in (_all(client, args) if args.all else _named(client, args))]
    if args.all and not args.json:
        output.line(f"{sum(answers)} of {len(answers)} were understood")
    return DONE if all(answers) else REFUSED


def _all(client: Client, args: Arguments) -> Iterator[dict[str, Any]]:
    """What became of everything that is there; what comes meanwhile is left to the next time."""
    query = {"source": args.source} if args.source else {}
    place: dict[str, str] = {}
    while True:
        page = client.post(_PATH, {}, {**query, **place})
        yield from page["items"]
        if not page["next"]:
            return
        place = {"next": page["next"]}


def _named(client: Client, args: Arguments) -> Iterator[dict[str, Any]]:
    source = args.source or ""
    for name in track(args.ids or [], "taking requests again"):
        yield {"id": name, **client.post(f"/api/quarantine/{quoted(source)}/{quoted(name)}/replay", {})}


def _tell(args: Arguments, answer: dict[str, Any]) -> bool:
    if args.json:
        output.as_json(answer, compact=True)
    elif answer["replayed"]:
        output.line(f"{answer['id']}: understood, {answer['events']} events")
    else:
        output.note((f"{answer['id']}: still not understood: {answer['reason']}", "red"))
    return bool(answer["replayed"])
