"""moto in this process, under the virtual clock."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from moto import mock_aws
from moto.dynamodb.models import dynamodb_backends
from moto.ses.models import ses_backends

from functions import wiring
from functions.settings import variable
from functions.topology import TABLES
from local.aws import resources
from local.aws.mailbox import Accepted
from local.aws.moto_patches import Aside, tuned
from local.aws.moto_sources import MotoQueue, MotoStream
from local.runtime.clock import Clock, VirtualClock, starting_point
from local.runtime.lambda_events import ACCOUNT, REGION
from local.runtime.queues import QueueSource
from local.runtime.streams import Drain


class MotoCloud:
    """The AWS that moto emulates."""

    def __init__(self, clock: Clock, aside: Aside) -> None:
        self.clock = clock
        self.clients = wiring.clients()
        self.account = aside.account
        self.environment: Mapping[str, str] = resources.create(self.clients.get)
        self._aside = aside
        self._timed = [self._name(table.name) for table in TABLES if any(each.name == "due" for each in table.indexes)]

    def stream(self, table: str) -> Drain:
        """A function that returns the table's new stream records at each call."""
        return MotoStream(self._name(table))

    def queue(self, name: str) -> QueueSource:
        """The queue, as its poller reads it."""
        return MotoQueue(self.environment[variable("queue", name)])

    def due(self) -> int | None:
        """The earliest instant in the due indexes (seconds UTC); None if they are empty."""
        tables = dynamodb_backends[ACCOUNT][REGION].tables
        instants = [tables[name].rows["due"].earliest for name in self._timed]
        return min((instant for instant in instants if instant is not None), default=None)

    def accepted(self) -> Iterable[Accepted]:
        """E-mails that SES accepted since the last call."""
        backend = ses_backends[ACCOUNT][REGION]
        fresh, backend.sent_messages = backend.sent_messages, []
        for message in fresh:
            request = self._aside.emails.pop(message.id, {})
            yield message.id, message.raw_data, request.get("tags", {}), request.get("configuration_set")

    def _name(self, table: str) -> str:
        return self.environment[variable("table", table)]


@contextmanager
def moto_cloud() -> Iterator[MotoCloud]:
    """Open moto with the resources of the topology, under a frozen clock."""
    clock = VirtualClock(starting_point())
    clock.start()
    try:
        with tuned() as aside, mock_aws():
            wiring.reset()
            yield MotoCloud(clock, aside)
    finally:
        wiring.reset()
        clock.stop()
