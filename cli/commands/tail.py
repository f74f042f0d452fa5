"""Follow what happens: messages sent and held back, requests that were not understood, or who enters a segment.

Asks the API again and again until Ctrl-C.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

import typer

from cli import output
from cli.client import Client, connect
from cli.feeds import Feed, following
from cli.options import AsJson, Host
from cli.spans import span_option

EXAMPLES = (
    "segue tail --local",
    "segue tail --state held --since 24h --once --local",
    "segue tail --segment big-spenders --json --local",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    state: Annotated[
        Literal["claimed", "released", "sent", "held", "failed"] | None,
        typer.Option(help="Messages in this state alone."),
    ] = None
    segment: Annotated[
        list[str] | None,
        typer.Option(help="Who enters and leaves this segment; may be repeated.", metavar="SEGMENT"),
    ] = None
    since: Annotated[int, span_option("--since", "10m", "Begin with what happened this long ago: 10m, 24h, 2d.")]
    every: Annotated[int, span_option("--every", "2s", "How often to ask.")]
    once: Annotated[bool, typer.Option("--once", help="Tell what there is and end.")] = False


def run(args: Arguments) -> int:
    """Print what is new until it is interrupted; a JSON object a line with --json."""
    with connect(args) as client:
        since = _now(client, local=args.local) - timedelta(seconds=args.since)
        feeds = following(client, since, {"segments": args.segment or [], "state": args.state})
        while True:
            for feed in feeds:
                _print(feed, as_json=args.json)
            if args.once:
                return 0
            time.sleep(args.every)


def _print(feed: Feed, *, as_json: bool) -> None:
    for entry in feed.new_entries():
        if as_json:
            output.as_json(entry, compact=True)
        else:
            output.line(*feed.line(entry))


def _now(client: Client, *, local: bool) -> datetime:
    """The time of the host's clock, which may have been moved on a local host."""
    return datetime.fromisoformat(client.get("/_local/clock")["now"]) if local else datetime.now(UTC)
