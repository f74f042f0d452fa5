"""Make a bearer token for the API, from the signing key in Secrets Manager or of the local host.

It is printed alone, so that it can be assigned to SEGUE_TOKEN.
"""

import time
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Annotated

import typer

from cli import output
from cli.client import connect
from cli.errors import CliError
from cli.options import AsJson, Host
from cli.spans import span_option
from functions.core.base.tokens import mint

EXAMPLES = (
    "segue token --local",
    "segue token --secret segue/signing-key --subject ann --for 12h",
)


@dataclass(frozen=True, kw_only=True)
class Arguments(Host, AsJson):
    """The command's arguments."""

    secret: Annotated[
        str | None,
        typer.Option(help="Name or ARN of the signing key.", envvar="SEGUE_SIGNING_KEY", metavar="NAME"),
    ] = None
    subject: Annotated[str, typer.Option(help="Who publishes with it.", envvar="USER", metavar="NAME")] = "cli"
    span: Annotated[int, span_option("--for", "24h", "How long it is good for: 12h, 30d.")]
    days: Annotated[int | None, typer.Option(help="The same in whole days.", metavar="NUMBER")] = None


def run(args: Arguments) -> int:
    """Print the token."""
    token = _token(args)
    output.as_json({"token": token}) if args.json else output.line(token)
    return 0


def _token(args: Arguments) -> str:
    if args.local:
        with connect(args) as client:
            return client.token
    if not args.secret:
        raise CliError("which secret? give --secret (or SEGUE_SIGNING_KEY), or --local; the stack's outputs name it")
    if args.days is not None and args.days < 1:
        raise CliError("--days is a whole number above zero")
    seconds = args.span if args.days is None else args.days * 86_400
    return mint(_secret(args.secret), args.subject, int(time.time()), seconds)


def _secret(name: str) -> str:
    if find_spec("boto3") is None:
        raise CliError(
            "this needs boto3: `uv tool install '.[aws]'`, or .venv/bin/segue, which `make up` installs here"
        )
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return str(boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
    except (BotoCoreError, ClientError) as error:
        raise CliError(f"the secret {name} cannot be read: {error}") from None
