"""Queues on SQS."""

from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, TypedDict

from functions.adapters.errors import of_code, translated
from functions.core.base.chunks import fitting
from functions.core.base.task_codec import encode
from functions.core.base.tasks import LONGEST_DELAY, Dispatch

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef, SendMessageBatchRequestEntryTypeDef

_COUNT = 10
_BYTES = 256_000


class BatchEntry(TypedDict):
    """A message of SendMessageBatch without its id."""

    MessageBody: str
    DelaySeconds: int


class SqsQueues:
    """Queues by their names in the topology; ``place`` maps one to its URL, ``cause`` is the correlation id."""

    def __init__(
        self, client: "Callable[[], SQSClient]", place: Callable[[str], str], cause: Callable[[], str] = str
    ) -> None:
        self._new_client = client
        self._cause = cause
        self._place = place

    @cached_property
    def _client(self) -> "SQSClient":
        return self._new_client()

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        """Queue all dispatches, delays cut to LONGEST_DELAY; raises Unavailable unless all were accepted."""
        for queue, several in groupby(sorted(dispatches, key=_queue), _queue):
            for batch in fitting(map(_entry, several), _COUNT, _BYTES, _weight):
                self._send(queue, batch)

    def _send(self, queue: str, entries: list[BatchEntry]) -> None:
        attributes = _attributes(self._cause())
        numbered: list[SendMessageBatchRequestEntryTypeDef] = [
            {
                "Id": str(place),
                "MessageBody": entry["MessageBody"],
                "DelaySeconds": entry["DelaySeconds"],
                "MessageAttributes": attributes,
            }
            for place, entry in enumerate(entries)
        ]
        with translated(f"send {queue}"):
            answer = self._client.send_message_batch(QueueUrl=self._place(queue), Entries=numbered)
        for failed in answer.get("Failed", []):
            raise of_code(f"send {queue}", failed["Code"])


def _queue(dispatch: Dispatch) -> str:
    return dispatch.queue


def _entry(dispatch: Dispatch) -> BatchEntry:
    return {"MessageBody": encode(dispatch.task), "DelaySeconds": min(max(dispatch.delay, 0), LONGEST_DELAY)}


def _attributes(cause: str) -> "dict[str, MessageAttributeValueTypeDef]":
    return {"correlation_id": {"DataType": "String", "StringValue": cause}} if cause else {}


def _weight(entry: BatchEntry) -> int:
    return len(entry["MessageBody"])
