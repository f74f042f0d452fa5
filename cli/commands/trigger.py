"""Send a signed webhook, with a sample of ours or a body of yours.

The same --cart gives the same checkout, order and refund, so that one follows the other.
"""

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from cli import output
from cli.client import Client, local_keys, local_url
from cli.completion import samples, senders
from cli.errors import CliError, Unauthorised
from cli.options import AsJson, LocalHost
from cli.webhooks import must_be_known, sample, sign, topics

EXAMPLES = (
    "segue trigger shopify",
    "segue trigger woocommerce order.created --local",
    "segue trigger shopify orders/create --email ann@example.org --cart first --local",
    "segue trigger shopify orders/create --file order.json --url https://shop.example --secret hush",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(LocalHost, AsJson):
    """The command's arguments."""

    source: Annotated[str, typer.Argument(help="Who sends it: shopify, woocommerce or stripe.", autocompletion=senders)]
    topic: Annotated[
        str | None,
        typer.Argument(
            help="What it is about, such as orders/create; lists the samples without one.",
            autocompletion=samples,
            metavar="TOPIC",
        ),
    ] = None
    file: Annotated[Path | None, typer.Option(help="A body of your own, - for standard input.", metavar="FILE")] = None
    email: Annotated[str, typer.Option(help="Whom the sample is about.", metavar="ADDRESS")] = "ann@example.org"
    cart: Annotated[str | None, typer.Option(help="The sample's cart; a new one without it.", metavar="WORD")] = None
    show: Annotated[bool, typer.Option("--show", help="Print the body and send nothing.")] = False
    secret: Annotated[
        str | None,
        typer.Option(
            help="What the webhooks are signed with; a local host tells its own.",
            envvar="SEGUE_WEBHOOK_SECRET",
            metavar="SECRET",
        ),
    ] = None


def run(args: Arguments) -> int:
    """Make, sign and send it; or print what there is, or the body."""
    must_be_known(args.source)
    if args.topic is None:
        return _list(args)
    url = args.url or (local_url() if args.local else "")
    if not url and not args.show:
        raise CliError("which host? give --local, or --url and --secret")
    now = _now(args, url)
    body = _body(args, args.topic, now)
    if args.show:
        return _show(args, body)
    headers = sign(args.source, args.topic, body, _secret(args, url), now)
    try:
        with Client(url) as client:
            client.call("POST", f"/hooks/{args.source}", content=body, headers=headers)
    except Unauthorised:
        raise CliError(f"{url} does not take the signature; is the secret that of its webhooks?") from None
    summary = {"source": args.source, "topic": args.topic, "bytes": len(body)}
    output.as_json(summary) if args.json else output.line(f"{args.source} {args.topic}: {len(body)} bytes, taken")
    return 0


def _show(args: Arguments, body: bytes) -> int:
    """Print the body as it would be sent; a file may hold what is no JSON."""
    if not args.json:
        text = body.decode("utf-8", "replace")
        # A body of one's own may have come from anywhere; a pipe gets it to the byte.
        output.line(text.removesuffix("\n")) if sys.stdout.isatty() else sys.stdout.write(text)
        return 0
    try:
        output.as_json(json.loads(body))
    except ValueError:
        raise CliError(f"{args.file} holds no JSON; leave out --json to see it") from None
    return 0


def _list(args: Arguments) -> int:
    names = topics(args.source)
    output.as_json(names) if args.json else output.line("\n".join(names))
    return 0


def _body(args: Arguments, topic: str, now: str) -> bytes:
    if args.file == Path("-"):
        return sys.stdin.buffer.read()
    if args.file:
        return args.file.read_bytes()
    return sample(args.source, topic, args.email, args.cart or uuid4().hex[:12], now)


def _now(args: Arguments, url: str) -> str:
    """What the host's clock says; a local one may have been moved."""
    if args.local and not args.show:
        with Client(url) as client:
            return str(client.get("/_local/clock")["now"])
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _secret(args: Arguments, url: str) -> str:
    if args.secret:
        return args.secret
    if not args.local:
        raise CliError("signed with what? give --secret (or SEGUE_WEBHOOK_SECRET), or --local")
    return str(local_keys(url)["webhooks"].get(args.source, ""))
