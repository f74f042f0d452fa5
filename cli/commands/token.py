"""Make a bearer token for the API, from the signing key in Secrets Manager or of the local host."""

import os
import time
from argparse import ArgumentParser, Namespace
from importlib.util import find_spec

from cli.client import add_host, connect
from cli.errors import CliError
from cli.spans import span
from functions.core.base.tokens import mint


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--secret", default=os.environ.get("SEGUE_SIGNING_KEY"), help="name or ARN of the signing key")
    parser.add_argument("--subject", default=os.environ.get("USER", "cli"), help="who publishes with it")
    parser.add_argument("--for", dest="span", type=span, default="24h", help="how long it is good for: 12h, 30d")
    parser.add_argument("--days", type=int, help="the same in whole days")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print the token alone, so that it can be assigned to SEGUE_TOKEN."""
    if args.local:
        print(connect(args).token)
        return 0
    if not args.secret:
        raise CliError("which secret? give --secret (or SEGUE_SIGNING_KEY), or --local; the stack's outputs name it")
    if args.days is not None and args.days < 1:
        raise CliError("--days is a whole number above zero")
    seconds = args.span if args.days is None else args.days * 86_400
    print(mint(_secret(args.secret), args.subject, int(time.time()), seconds))
    return 0


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
