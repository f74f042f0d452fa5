"""Fold from the log again: a person, what was parked, or all that was received since an instant.

Folding what was folded before changes nothing: name more rather than less.
"""

from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli import output
from cli.client import Client, connect
from cli.errors import CliError
from cli.options import AsJson, Host

EXAMPLES = (
    "segue refold email:ann@example.org --local",
    "segue refold --parked --local",
    "segue refold --since 2026-11-27T03:00:00Z --local",
)
# Identifiers in one request.
_AT_ONCE = 100


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    identifiers: Annotated[
        list[str] | None,
        typer.Argument(help="Of the people to fold, with all their events.", metavar="IDENTIFIER"),
    ] = None
    since: Annotated[
        str | None,
        typer.Option(help="All that was received since then, as RFC 3339; reads the whole log.", metavar="INSTANT"),
    ] = None
    parked: Annotated[bool, typer.Option("--parked", help="What could not be folded when it came.")] = False


def run(args: Arguments) -> int:
    """Ask for it, and print how much was queued."""
    if bool(args.identifiers) + (args.since is not None) + args.parked != 1:
        raise CliError("what? name identifiers, or --parked, or --since 2026-11-27T03:00:00Z")
    with connect(args) as client:
        queued = _parked(client) if args.parked else _named(client, args)
    if args.json:
        output.as_json({"queued": queued})
    else:
        output.line(_said(args, queued))
    return 0


def _named(client: Client, args: Arguments) -> int:
    if args.since is not None:
        return int(_ask(client, {"since": args.since})["queued"])
    names = args.identifiers or []
    parts = [names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE)]
    return sum(_ask(client, {"identifiers": part})["queued"] for part in parts)


def _parked(client: Client) -> int:
    queued, more = 0, True
    while more:
        answer = _ask(client, {"parked": True})
        queued, more = queued + answer["queued"], answer["more"]
    return queued


def _ask(client: Client, body: dict[str, Any]) -> Any:
    return client.post("/api/refolds", body)


def _said(args: Arguments, queued: int) -> str:
    if args.parked:
        return f"{queued} parked events are folded again" if queued else "nothing is parked"
    if args.since is not None:
        return f"everything since {args.since} is folded again, in {queued} lanes"
    return f"{queued} people are folded again" if queued > 1 else "one person is folded again"
