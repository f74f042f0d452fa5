"""Take requests from quarantine again, after their mapping was mended; what still is not understood stays.

`segue replay shopify 0123…` takes one, `segue replay shopify --all` everything that the source left.
"""

import json
import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from cli.client import Client, add_host, connect, quoted
from cli.errors import CliError


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("source", help="such as shopify")
    parser.add_argument("ids", nargs="*", help="the requests' ids, as `segue quarantine` shows them")
    parser.add_argument("--all", action="store_true", help="everything that the source left")
    parser.add_argument("--json", action="store_true", help="the answers as the API gives them, one a line")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print what became of each; 1 if one still is not understood."""
    if args.all == bool(args.ids):
        raise CliError("which ones? name their ids, or --all")
    client = connect(args)
    # The oldest first, as they came; and all read before the first leaves the list that they are read from.
    ids = args.ids or [each["id"] for each in client.pages("/api/quarantine", "items", {"source": args.source})][::-1]
    answers = [_replay(client, args, name) for name in ids]
    if args.all and not args.json:
        print(f"{sum(answers)} of {len(answers)} were understood")
    return 0 if all(answers) else 1


def _replay(client: Client, args: Namespace, name: str) -> bool:
    answer: dict[str, Any] = client.post(f"/api/quarantine/{quoted(args.source)}/{quoted(name)}/replay", {})
    if args.json:
        print(json.dumps({"id": name, **answer}, ensure_ascii=False))
    elif answer["replayed"]:
        print(f"{name}: understood, {answer['events']} events")
    else:
        print(f"{name}: still not understood: {answer['reason']}", file=sys.stderr)
    return bool(answer["replayed"])
