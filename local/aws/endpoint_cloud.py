"""Another AWS behind ``AWS_ENDPOINT_URL``, in real time and through its API."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from functions import wiring
from functions.settings import variable
from local.aws import resources
from local.aws.api_sources import ApiQueue, ApiStream
from local.aws.mailbox import Accepted
from local.runtime.clock import Clock, RealClock
from local.runtime.queues import QueueSource
from local.runtime.streams import Drain


class EndpointCloud:
    """The AWS at the endpoint; the mailbox gets only what this process sends to SES there."""

    def __init__(self) -> None:
        self.clock: Clock = RealClock()
        self.clients = wiring.clients()
        self._sent: list[Accepted] = []
        events = self.clients.session.events
        events.register("provide-client-params.sesv2.SendEmail", _remember)
        events.register("after-call.sesv2.SendEmail", self._note)
        self.environment: Mapping[str, str] = resources.create(self.clients.get)

    def stream(self, table: str) -> Drain:
        """A function that returns the table's new stream records at each call."""
        return ApiStream(self.clients.get, self.environment[variable("table", table)])

    def queue(self, name: str) -> QueueSource:
        """The queue, as its poller reads it."""
        return ApiQueue(self.clients.get, self.environment[variable("queue", name)])

    def due(self) -> int | None:
        """None, as it is unknown: every minute's tick is called."""
        return 0

    def accepted(self) -> Iterable[Accepted]:
        """E-mails that SES accepted since the last call."""
        fresh, self._sent = self._sent, []
        return fresh

    def _note(self, parsed: Mapping[str, Any], context: Mapping[str, Any], **_: Any) -> None:
        if "MessageId" in parsed:
            request = context["segue"]
            raw = request["Content"]["Raw"]["Data"].decode()
            tags = {tag["Name"]: tag["Value"] for tag in request.get("EmailTags", ())}
            self._sent.append((parsed["MessageId"], raw, tags, request.get("ConfigurationSetName")))


def _remember(params: Mapping[str, Any], context: dict[str, Any], **_: Any) -> None:
    context["segue"] = params


@contextmanager
def endpoint_cloud() -> Iterator[EndpointCloud]:
    """Open the other AWS with the resources of the topology, in real time."""
    wiring.reset()
    yield EndpointCloud()
