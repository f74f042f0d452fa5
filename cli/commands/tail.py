"""Follow what happens: messages sent and held back, requests that were not understood, or who enters a segment.

Asks the API again and again until Ctrl-C. `segue tail --state held` tells what is held back and why.
"""

import json
import time
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime, timedelta

from cli.client import Client, add_host, connect
from cli.feeds import Feed, following
from cli.spans import span

STATES = ("claimed", "released", "sent", "held", "failed")


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--state", choices=STATES, help="messages in this state alone")
    parser.add_argument(
        "--segment", action="append", default=[], help="who enters and leaves this segment; may be repeated"
    )
    parser.add_argument(
        "--since", type=span, default="10m", help="begin with what happened this long ago: 10m, 24h, 2d"
    )
    parser.add_argument("--every", type=span, default="2s", help="how often to ask")
    parser.add_argument("--once", action="store_true", help="tell what there is and end")
    parser.add_argument("--json", action="store_true", help="a JSON object a line")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print what is new until it is interrupted."""
    client = connect(args)
    since = _now(client, local=args.local) - timedelta(seconds=args.since)
    feeds = following(client, since, {"segments": args.segment, "state": args.state})
    while True:
        for feed in feeds:
            _print(feed, as_json=args.json)
        if args.once:
            return 0
        time.sleep(args.every)


def _print(feed: Feed, *, as_json: bool) -> None:
    for entry in feed.news():
        print(json.dumps(entry, ensure_ascii=False) if as_json else feed.line(entry), flush=True)


def _now(client: Client, *, local: bool) -> datetime:
    """The host's clock, which a local host may have moved."""
    return datetime.fromisoformat(client.get("/_local/clock")["now"]) if local else datetime.now(UTC)
