"""AWS, for the commands that work on the account itself and not through the shop's API.

boto3 is no requirement of the command line: who only speaks to a shop does without it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from cli.errors import CliError


def client(service: str) -> Any:
    """A client with the region and credentials of the environment; raises CliError without boto3 or a region."""
    if find_spec("boto3") is None:
        raise CliError(
            "this needs boto3: `uv tool install '.[aws]'`, or .venv/bin/segue, which `make up` installs here"
        )
    import boto3

    with translated(service):
        return boto3.client(service)


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise the SDK's errors as CliError, ``<what>: <error>``; boto3 has to be installed."""
    from botocore.exceptions import BotoCoreError, ClientError, WaiterError

    try:
        yield
    except (BotoCoreError, ClientError, WaiterError) as error:
        raise CliError(f"{what}: {error}") from None
