"""Make a bearer token for the API, from the signing key in Secrets Manager or of the local host."""

import os
import time
from argparse import ArgumentParser, Namespace

from cli.client import CliError, add_host, connect
from functions.core.tokens import mint


def arguments(parser: ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--secret", default=os.environ.get("SEGUE_SIGNING_KEY"), help="name or ARN of the signing key")
    parser.add_argument("--subject", default=os.environ.get("USER", "cli"), help="who publishes with it")
    parser.add_argument("--days", type=int, default=1, help="how long it is good for")
    add_host(parser)


def run(args: Namespace) -> int:
    """Print the token alone, so that it can be assigned to SEGUE_TOKEN."""
    if args.local:
        print(connect(args).token)
        return 0
    if not args.secret:
        raise CliError("which secret? give --secret (or SEGUE_SIGNING_KEY), or --local; the stack's outputs name it")
    if args.days < 1:
        raise CliError("--days is a whole number above zero")
    print(mint(_secret(args.secret), args.subject, int(time.time()), args.days * 86400))
    return 0


def _secret(name: str) -> str:
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return str(boto3.client("secretsmanager").get_secret_value(SecretId=name)["SecretString"])
    except (BotoCoreError, ClientError) as error:
        raise CliError(f"the secret {name} cannot be read: {error}") from None
