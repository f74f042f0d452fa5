"""Show or move the clock of the local host: `segue clock 24h`; everything due on the way happens on its second."""

import os
from argparse import ArgumentParser, Namespace

from cli.client import Client, local_keys, local_url
from cli.spans import span

_PATH = "/_local/clock"


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("advance", nargs="?", type=span, help="how far: 30m, 24h, 2d; shows the clock without one")
    parser.add_argument(
        "--url", default=os.environ.get("SEGUE_URL"), help=f"the host's address; {local_url()} without it"
    )
    parser.add_argument(
        "--local", action="store_true", help="as everywhere; there is no other kind of host with a clock"
    )


def run(args: Namespace) -> int:
    """Print what the clock says."""
    client = Client(args.url or local_url())
    local_keys(client.url)
    answer = client.get(_PATH) if args.advance is None else client.post(_PATH, {"advance": f"{args.advance}s"})
    print(answer["now"])
    return 0
