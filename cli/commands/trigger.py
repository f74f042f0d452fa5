"""Send a signed webhook: `segue trigger shopify orders/create --local`, with a sample of ours or a body of yours.

The same --cart gives the same checkout, order and refund, so that one follows the other.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from cli.client import Client, local_keys, local_url
from cli.errors import CliError, Unauthorised
from cli.webhooks import sample, sign, topics


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("source", help="who sends it: shopify")
    parser.add_argument(
        "topic", nargs="?", help="what it is about, such as orders/create; lists the samples without one"
    )
    parser.add_argument("--file", help="a body of your own, - for standard input")
    parser.add_argument("--email", default="ann@example.org", help="whom the sample is about; ann@example.org")
    parser.add_argument("--cart", help="the sample's cart; a new one without it")
    parser.add_argument("--show", action="store_true", help="print the body and send nothing")
    parser.add_argument("--url", default=os.environ.get("SEGUE_URL"), help="the host's address (or SEGUE_URL)")
    parser.add_argument("--secret", default=os.environ.get("SEGUE_WEBHOOK_SECRET"), help="(or SEGUE_WEBHOOK_SECRET)")
    parser.add_argument(
        "--local", action="store_true", help=f"the local host, {local_url()} (PORT), with its own secret"
    )


def run(args: Namespace) -> int:
    """Make, sign and send it; or print what there is, or the body."""
    if args.topic is None:
        print("\n".join(topics(args.source)) or f"there is no sample of {args.source}")
        return 0
    url = args.url or (local_url() if args.local else "")
    if not url and not args.show:
        raise CliError("which host? give --local, or --url and --secret")
    body = _body(args, _now(args, url))
    if args.show:
        sys.stdout.write(body.decode("utf-8", "replace"))
        return 0
    headers = sign(args.source, args.topic, body, _secret(args, url))
    try:
        Client(url).call("POST", f"/hooks/{args.source}", body, headers)
    except Unauthorised:
        raise CliError(f"{url} does not take the signature; is the secret that of its webhooks?") from None
    print(f"{args.source} {args.topic}: {len(body)} bytes, taken")
    return 0


def _body(args: Namespace, now: str) -> bytes:
    if args.file == "-":
        return sys.stdin.buffer.read()
    if args.file:
        return Path(args.file).read_bytes()
    return sample(args.source, args.topic, args.email, args.cart or uuid4().hex[:12], now)


def _now(args: Namespace, url: str) -> str:
    """What the host's clock says; a local one may have been moved."""
    if args.local and not args.show:
        return str(Client(url).get("/_local/clock")["now"])
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _secret(args: Namespace, url: str) -> str:
    if args.secret:
        return str(args.secret)
    if not args.local:
        raise CliError("signed with what? give --secret (or SEGUE_WEBHOOK_SECRET), or --local")
    return str(local_keys(url)["webhooks"].get(args.source, ""))
