"""Make a bearer token for the API, or take tokens back.

A token is made from the signing key in Secrets Manager, or of the local host, and printed alone, so that it can be
assigned to SEGUE_TOKEN. `revoke` takes back one token, by itself or by its id, or all that were issued until now.
"""

import base64
import json
import time
from binascii import Error as NotBase64
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import uuid4

import typer

from cli import aws, output
from cli.client import connect, local_keys, local_url, quoted
from cli.errors import CliError
from cli.options import AsJson, Host
from cli.spans import span_option
from functions.core.base.tokens import ApiToken, Role, mint

EXAMPLES = (
    "segue token --local",
    "segue token --secret segue/signing-key --subject ann --for 12h",
    "segue token --secret segue/signing-key --subject dashboard --role read --for 30d",
    "segue token revoke eyJhbGciOi… --local",
    "segue token revoke --all --local",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    action: Annotated[Literal["make", "revoke"], typer.Argument(help="What to do.", metavar="ACTION")] = "make"
    which: Annotated[str | None, typer.Argument(help="The token to take back, or its id (jti).", metavar="TOKEN")] = (
        None
    )
    all: Annotated[bool, typer.Option("--all", help="Take back every token issued until now.")] = False
    secret: Annotated[
        str | None,
        typer.Option(help="Name or ARN of the signing key.", envvar="SEGUE_SIGNING_KEY", metavar="NAME"),
    ] = None
    subject: Annotated[str, typer.Option(help="Who publishes with it.", envvar="USER", metavar="NAME")] = "cli"
    role: Annotated[Role, typer.Option(help="What it may do: read, or publish as well.", metavar="ROLE")] = "publish"
    span: Annotated[int, span_option("--for", "24h", "How long it is good for: 12h, 30d.")]
    days: Annotated[int | None, typer.Option(help="The same in whole days.", metavar="NUMBER")] = None


def run(args: Arguments) -> int:
    """Do what was asked."""
    if args.action == "revoke":
        return _revoke(args)
    token = _local(args) if args.local else _minted(args)
    output.as_json({"token": token}) if args.json else output.line(token)
    return 0


def _local(args: Arguments) -> str:
    if args.role == "read":
        return str(local_keys(args.url or local_url())["read_token"])
    with connect(args) as client:
        return client.token


def _minted(args: Arguments) -> str:
    if not args.secret:
        raise CliError("which secret? give --secret (or SEGUE_SIGNING_KEY), or --local; the stack's outputs name it")
    if args.days is not None and args.days < 1:
        raise CliError("--days is a whole number above zero")
    seconds, now = args.span if args.days is None else args.days * 86_400, int(time.time())
    value, arn = _secret(args.secret)
    return mint(value, arn, ApiToken(uuid4().hex, args.subject, args.role, now, now + seconds))


def _secret(name: str) -> tuple[str, str]:
    """The secret's value and its ARN, which is the audience of the tokens that it signs."""
    secrets = aws.client("secretsmanager")
    with aws.translated(f"the secret {name} cannot be read"):
        secret = secrets.get_secret_value(SecretId=name)
    return str(secret["SecretString"]), str(secret["ARN"])


def _revoke(args: Arguments) -> int:
    if args.all == bool(args.which):
        raise CliError("which one? `segue token revoke <token or its id>`, or --all that were issued until now")
    with connect(args) as client:
        answer = (
            client.delete("/api/tokens?issued_until=now")
            if args.all
            else client.delete(f"/api/tokens/{quoted(_id(args.which or ''))}")
        )
    what = f"every token issued until {answer['issued_until']}" if args.all else f"the token {answer['id']}"
    output.as_json(answer) if args.json else output.line(f"took back {what}")
    return 0


def _id(which: str) -> str:
    """The id that a token names, without checking it; what is no token is an id."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(which.split(".")[1] + "=="))
        return str(claims["jti"])
    except (IndexError, KeyError, TypeError, ValueError, NotBase64):
        return which
