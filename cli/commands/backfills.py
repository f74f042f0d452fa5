"""Show the passes over everybody that follow publications, and how far each is."""

import json
from argparse import ArgumentParser, Namespace

from cli.client import add_host, connect
from cli.passes import describe


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--limit", type=int, default=5, help="how many, the latest first")
    parser.add_argument("--json", action="store_true", help="the answer as the API gives it")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print one line for each."""
    found = connect(args).get("/api/backfills", {"limit": args.limit})["backfills"]
    print(json.dumps(found, indent=2)) if args.json else print(*map(describe, found), sep="\n")
    return 0
