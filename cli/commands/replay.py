"""Take requests from quarantine again, after their mapping was mended; what still is not understood stays."""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import output
from cli.client import Client, connect, quoted
from cli.errors import DONE, REFUSED, CliError
from cli.options import AsJson, Host
from cli.progress import track

EXAMPLES = ("segue replay shopify 0123abcd --local", "segue replay shopify --all --local")


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    source: Annotated[str, typer.Argument(help="Such as shopify.")]
    ids: Annotated[
        list[str] | None,
        typer.Argument(help="The requests' ids, as `segue quarantine` shows them.", metavar="ID"),
    ] = None
    all: Annotated[bool, typer.Option("--all", help="Everything that the source left.")] = False


def run(args: Arguments) -> int:
    """Print what became of each, as one JSON object a line with --json; 1 if one still is not understood."""
    if args.all == bool(args.ids):
        raise CliError("which ones? name their ids, or --all")
    with connect(args) as client:
        ids = args.ids or _all(client, args.source)
        answers = [_replay(client, args, name) for name in track(ids, "taking requests again")]
    if args.all and not args.json:
        output.line(f"{sum(answers)} of {len(answers)} were understood")
    return DONE if all(answers) else REFUSED


def _all(client: Client, source: str) -> list[str]:
    """The oldest first, as they came; all of them read before the first leaves the list that they are read from."""
    return [each["id"] for each in client.pages("/api/quarantine", "items", {"source": source})][::-1]


def _replay(client: Client, args: Arguments, name: str) -> bool:
    answer: dict[str, Any] = client.post(f"/api/quarantine/{quoted(args.source)}/{quoted(name)}/replay", {})
    if args.json:
        output.as_json({"id": name, **answer}, compact=True)
    elif answer["replayed"]:
        output.line(f"{name}: understood, {answer['events']} events")
    else:
        output.note((f"{name}: still not understood: {answer['reason']}", "red"))
    return bool(answer["replayed"])
