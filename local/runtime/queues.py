"""Delivers queues to functions as event source mappings do: batches, partial failures, visibility, dead letters."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from functions.topology_rows import QueueMessages
from local.runtime.failures import Failures
from local.runtime.invoke import FunctionFailed, Functions

Received = Mapping[str, Any]


class QueueSource(Protocol):
    """A queue as the poller uses it."""

    arn: str

    def take(self, count: int) -> Sequence[Received]:
        """Receive messages: id, receipt, body, attributes, message attributes."""

    def done(self, received: Received) -> None:
        """Delete the message."""

    def next_visible(self) -> int | None:
        """The second at which the next message can be received; None for an empty queue."""

    @property
    def waiting(self) -> int:
        """The number of messages in the queue, including delayed ones."""


class QueueConsumer:
    """One function's poller of one queue; failed messages come back when their visibility time-out ends."""

    def __init__(self, function: str, trigger: QueueMessages, source: QueueSource, attempts: int) -> None:
        self.function = function
        self.trigger = trigger
        self.source = source
        self._attempts = attempts

    def step(self, functions: Functions, failures: Failures) -> bool:
        """Deliver one batch; False if no message is visible."""
        batch = self.source.take(self.trigger.batch)
        if not batch:
            return False
        try:
            answer = functions.call(
                self.function, {"Records": [record_of(message, self.source.arn) for message in batch]}
            )
            failed = {item["itemIdentifier"] for item in (answer or {}).get("batchItemFailures") or ()}
            reason = "it reported the message as failed"
        except FunctionFailed as raised:
            failed, reason = {message["messageId"] for message in batch}, str(raised)
        if not failed <= {message["messageId"] for message in batch}:
            failed = {message["messageId"] for message in batch}
        for message in batch:
            if message["messageId"] not in failed:
                self.source.done(message)
            else:
                self._note(message, reason, failures)
        return True

    def _note(self, message: Received, reason: str, failures: Failures) -> None:
        attempt = int(message["attributes"]["ApproximateReceiveCount"])
        if attempt >= self._attempts:
            failures.buried(self.function, f"queue {self.trigger.queue}", attempt, reason, message["body"])
        else:
            failures.refused(self.function, f"a message of queue {self.trigger.queue} comes back: {reason}")


def record_of(message: Received, arn: str) -> dict[str, Any]:
    """A message of the queue with this ARN as Lambda delivers it."""
    return {**message, "eventSource": "aws:sqs", "eventSourceARN": arn, "awsRegion": arn.split(":")[3]}
