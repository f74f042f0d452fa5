"""The AWS under the local host: moto in this process, or the endpoint in ``AWS_ENDPOINT_URL``."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Protocol
from unittest import mock

from functions.adapters.clients import Clients
from local.aws.mailbox import Accepted
from local.runtime.clock import Clock
from local.runtime.lambda_events import REGION
from local.runtime.queues import QueueSource
from local.runtime.streams import Drain

_SURROUNDINGS = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    # Otherwise botocore calls <account>.streams-ddb.…, which moto does not know.
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}


class Cloud(Protocol):
    """An AWS: its clock, its clients, the environment variables of its resources, and its streams and queues."""

    clock: Clock
    clients: Clients
    environment: Mapping[str, str]

    def stream(self, table: str) -> Drain:
        """A function that returns the table's new stream records at each call."""

    def queue(self, name: str) -> QueueSource:
        """The queue, as its poller reads it."""

    def due(self) -> int | None:
        """The earliest instant in the due indexes (seconds UTC); None if there is none or it is unknown."""

    def accepted(self) -> Iterable[Accepted]:
        """E-mails that SES accepted since the last call."""


def elsewhere() -> str | None:
    """The endpoint of another AWS; None if the environment names none."""
    names = (name for name in os.environ if name == "AWS_ENDPOINT_URL" or name.startswith("AWS_ENDPOINT_URL_"))
    return next((os.environ[name] for name in sorted(names) if os.environ[name]), None)


@contextmanager
def opened() -> Iterator[Cloud]:
    """Open the AWS that the environment selects, with every resource of the topology created."""
    if elsewhere():
        from local.aws.endpoint_cloud import endpoint_cloud

        defaults = {name: value for name, value in _SURROUNDINGS.items() if name not in os.environ}
        with mock.patch.dict(os.environ, defaults), endpoint_cloud() as cloud:
            yield cloud
    else:
        from local.aws.moto_cloud import moto_cloud

        with mock.patch.dict(os.environ, _SURROUNDINGS), moto_cloud() as cloud:
            yield cloud
