"""AWS, for the commands that work on the account itself and not through the shop's API.

boto3 is no requirement of the command line: who only speaks to a shop does without it.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from cli.errors import CliError


class Refused(Exception):
    """AWS refused the call; ``code`` is its word for the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def client(service: str, region: str = "") -> Any:
    """A client with the credentials of the environment, and its region if none is given.

    Raises CliError without boto3 or a region.
    """
    if find_spec("boto3") is None:
        raise CliError(
            "this needs boto3: `uv tool install '.[aws]'`, or .venv/bin/segue, which `make up` installs here"
        )
    import boto3

    with translated(service):
        return boto3.client(service, region_name=region or None)


def ask(client: Any, operation: str, **request: Any) -> Mapping[str, Any]:
    """The answer of an operation, by its name in AWS's reference (``GetAccount``); raises Refused or CliError."""
    from botocore import xform_name
    from botocore.exceptions import ClientError

    with translated("AWS"):
        try:
            answer: Mapping[str, Any] = getattr(client, xform_name(operation))(**request)
        except ClientError as error:
            raise Refused(str(error.response.get("Error", {}).get("Code", ""))) from None
    return answer


@contextmanager
def translated(what: str) -> Iterator[None]:
    """Raise the SDK's errors as CliError, ``<what>: <error>``; boto3 has to be installed."""
    from botocore.exceptions import BotoCoreError, ClientError, WaiterError

    try:
        yield
    except (BotoCoreError, ClientError, WaiterError) as error:
        raise CliError(f"{what}: {error}") from None
