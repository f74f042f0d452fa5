"""What the rest of the world does and sees at the other side of the ports."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import SimpleNamespace
from typing import Any, Protocol

from functions.core.base.task_codec import decode
from functions.core.base.tasks import Task
from functions.core.deliveries.records import PutEvents
from functions.core.messages.pace import Allowance
from functions.core.ports import Ports
from functions.wiring import Wiring
from tests.aws import SENDER, Aws
from tests.fakes import FakePorts
from tests.fakes.mailer import FakeMailer
from tests.fakes.people import FakePeople
from tests.fakes.runs import FakeRuns
from tests.fakes.secrets import FakeSecrets
from tests.queues import taken_from

SHARDS = 4


class Outside(Protocol):
    """One implementation of the ports, with its other side."""

    @property
    def ports(self) -> Ports: ...

    def tasks(self, queue: str) -> list[Task]:
        """What the queue hands out now, in any order."""

    def announced(self) -> list[tuple[str, Mapping[str, Any]]]:
        """What was published on the bus since the first call, which begins to listen: detail-type and detail."""

    def rotate(self, secret: str, value: str) -> None:
        """Make the value the current one of the secret."""

    def account(self, quota: Mapping[str, float], *, is_sending: bool) -> AbstractContextManager[None]:
        """Have SES say so of the account inside the block."""


class FakeOutside:
    """The fakes."""

    def __init__(self) -> None:
        self.ports = FakePorts(
            people=FakePeople(SHARDS),
            runs=FakeRuns(SHARDS),
            mailer=FakeMailer(SENDER),
            secrets=FakeSecrets(write_key=("first",)),
        )

    def tasks(self, queue: str) -> list[Task]:
        sent = self.ports.queues.sent
        return [each.task for each in sent if each.queue == queue and each.delay <= 0]

    def announced(self) -> list[tuple[str, Mapping[str, Any]]]:
        requests = [request for _, request in self.ports.sender.sent]
        items = [item for request in requests if isinstance(request, PutEvents) for item in request.events]
        return [(item.kind, json.loads(item.body)) for item in items]

    def rotate(self, secret: str, value: str) -> None:
        self.ports.secrets.rotate(secret, value)

    @contextmanager
    def account(self, quota: Mapping[str, float], *, is_sending: bool) -> Iterator[None]:
        per_day, rate, sent = (int(quota[name]) for name in ("Max24HourSend", "MaxSendRate", "SentLast24Hours"))
        self.ports.mailer.allowed = Allowance(max(1, rate), per_day if per_day >= 0 else None, sent, is_sending)
        yield


class AwsOutside:
    """The adapters on an AWS; its bus leads into a queue that is used for nothing else then."""

    def __init__(self, place: Aws, environment: Mapping[str, str]) -> None:
        self.ports = Wiring(environment, place.clients)
        self._place, self._environment = place, environment
        self._listening = False

    def tasks(self, queue: str) -> list[Task]:
        return [decode(queue, body) for body in received(self._place, self._environment[f"QUEUE_{queue.upper()}"])]

    def announced(self) -> list[tuple[str, Mapping[str, Any]]]:
        url = self._environment["QUEUE_STEPS"]
        if not self._listening:
            self._listen(url)
        events = [json.loads(body) for body in received(self._place, url)]
        assert {"segue"} >= {event["source"] for event in events}
        return [(event["detail-type"], event["detail"]) for event in events]

    def rotate(self, secret: str, value: str) -> None:
        name = self._environment[f"SECRET_{secret.upper().replace('-', '_')}"]
        self._place.clients.get("secretsmanager").put_secret_value(SecretId=name, SecretString=value)

    @contextmanager
    def account(self, quota: Mapping[str, float], *, is_sending: bool) -> Iterator[None]:
        """Neither moto nor MiniStack answers this."""
        parsed = {"SendQuota": quota, "SendingEnabled": is_sending}
        events, name = self._place.clients.get("sesv2").meta.events, "before-call.sesv2.GetAccount"

        def answer(**_: Any) -> Any:
            return SimpleNamespace(status_code=200), parsed

        events.register_first(name, answer)
        try:
            yield
        finally:
            events.unregister(name, answer)

    def _listen(self, url: str) -> None:
        self._listening = True
        sqs, events = self._place.clients.get("sqs"), self._place.clients.get("events")
        arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        bus = self._environment["BUS_SEGUE"]
        events.put_rule(Name="all", EventBusName=bus, EventPattern=json.dumps({"source": ["segue"]}))
        events.put_targets(Rule="all", EventBusName=bus, Targets=[{"Id": "q", "Arn": arn}])


def received(place: Aws, url: str) -> list[str]:
    """The bodies that a queue hands out now, taken from it."""
    return [message["Body"] for message in taken_from(place.clients.get("sqs"), url)]


@contextmanager
def before_a_put(
    place: Aws, act: Callable[[], object], is_the_one: Callable[[Mapping[str, Any]], bool]
) -> Iterator[None]:
    """Do something once, just before an item is put of which ``is_the_one`` says so."""
    waiting = [act]

    def come_between(params: dict[str, Any], **_: object) -> None:
        if waiting and is_the_one(params["Item"]):
            waiting.pop()()

    events = place.clients.get("dynamodb").meta.events
    events.register("provide-client-params.dynamodb.PutItem", come_between)
    try:
        yield
    finally:
        events.unregister("provide-client-params.dynamodb.PutItem", come_between)
