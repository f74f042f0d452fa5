"""Queues on SQS."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from functions.adapters.errors import of_code, translated
from functions.core.base.chunks import fitting
from functions.core.base.errors import Unavailable
from functions.core.base.task_codec import encode
from functions.core.base.tasks import LONGEST_DELAY, Dispatch, RefusedDispatch

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import (
        DeleteMessageBatchRequestEntryTypeDef,
        DeleteMessageBatchResultTypeDef,
        MessageAttributeValueTypeDef,
        MessageTypeDef,
        SendMessageBatchRequestEntryTypeDef,
        SendMessageBatchResultTypeDef,
    )

_COUNT = 10
_BYTES = 256_000
# Batches that are offered at a time, of the sixteen connections that a client has.
_LANES = 8
# What SQS refuses of a batch is offered again after these pauses (seconds).
_PAUSES = (0.1, 0.4)


class _Message(NamedTuple):
    """A dispatch and its body."""

    dispatch: Dispatch
    body: str


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

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(_LANES, "sqs")

    def send(self, dispatches: Sequence[Dispatch]) -> None:
        """Queue all dispatches, delays cut to LONGEST_DELAY; raises Unavailable unless all were accepted."""
        attributes = _attributes(self._cause())
        for queue, batch in _batches(dispatches):
            _raise_refused(f"send {queue}", self._send(queue, batch, attributes))

    def offer(self, dispatches: Sequence[Dispatch]) -> list[RefusedDispatch]:
        """Queue what can be queued, in batches side by side; return what was refused, however often it was offered."""
        batches, attributes = list(_batches(dispatches)), _attributes(self._cause())
        if len(batches) <= 1:
            return [refused for queue, batch in batches for refused in self._offer(queue, batch, attributes)]
        # Created here, or each thread of a cold start would create a client of its own.
        with translated("connect"):
            _ = self._client
        refused = self._pool.map(lambda each: self._offer(each[0], each[1], attributes), batches)
        return [each for several in refused for each in several]

    def bring_back(self, queue: str, most: int) -> int:
        """Move up to so many messages from the queue's dead letters to the queue; return how many.

        One whose move fails between the two calls is in both, and is done twice.
        """
        moved, dead = 0, f"{queue}-dead"
        while moved < most and (found := self._receive(dead, min(_COUNT, most - moved))):
            self._resend(queue, found)
            self._delete(dead, found)
            moved += len(found)
        return moved

    def _receive(self, queue: str, count: int) -> "list[MessageTypeDef]":
        with translated(f"receive {queue}"):
            answer = self._client.receive_message(QueueUrl=self._place(queue), MaxNumberOfMessages=count)
        return answer.get("Messages", [])

    def _resend(self, queue: str, messages: "list[MessageTypeDef]") -> None:
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(place), "MessageBody": message["Body"]} for place, message in enumerate(messages)
        ]
        with translated(f"send {queue}"):
            answer = self._client.send_message_batch(QueueUrl=self._place(queue), Entries=entries)
        _raise_refused(f"send {queue}", answer)

    def _delete(self, queue: str, messages: "list[MessageTypeDef]") -> None:
        entries: list[DeleteMessageBatchRequestEntryTypeDef] = [
            {"Id": str(place), "ReceiptHandle": message["ReceiptHandle"]} for place, message in enumerate(messages)
        ]
        with translated(f"delete {queue}"):
            answer = self._client.delete_message_batch(QueueUrl=self._place(queue), Entries=entries)
        _raise_refused(f"delete {queue}", answer)

    def _offer(
        self, queue: str, messages: list[_Message], attributes: "Mapping[str, MessageAttributeValueTypeDef]"
    ) -> list[RefusedDispatch]:
        useless: list[RefusedDispatch] = []
        refused = self._try(queue, messages, attributes)
        for pause in _PAUSES:
            useless += [each for each in refused if each.useless]
            again = [_message(each.dispatch) for each in refused if not each.useless]
            if not again:
                return useless
            time.sleep(pause)
            refused = self._try(queue, again, attributes)
        return useless + refused

    def _try(
        self, queue: str, messages: list[_Message], attributes: "Mapping[str, MessageAttributeValueTypeDef]"
    ) -> list[RefusedDispatch]:
        try:
            answer = self._send(queue, messages, attributes)
        except Unavailable as error:
            return [RefusedDispatch(message.dispatch, error.code) for message in messages]
        return [
            RefusedDispatch(messages[int(failed["Id"])].dispatch, failed["Code"], failed["SenderFault"])
            for failed in answer.get("Failed", [])
        ]

    def _send(
        self, queue: str, messages: list[_Message], attributes: "Mapping[str, MessageAttributeValueTypeDef]"
    ) -> "SendMessageBatchResultTypeDef":
        numbered: list[SendMessageBatchRequestEntryTypeDef] = [
            {
                "Id": str(place),
                "MessageBody": message.body,
                "DelaySeconds": min(max(message.dispatch.delay, 0), LONGEST_DELAY),
                "MessageAttributes": attributes,
            }
            for place, message in enumerate(messages)
        ]
        with translated(f"send {queue}"):
            return self._client.send_message_batch(QueueUrl=self._place(queue), Entries=numbered)


def _raise_refused(operation: str, answer: "SendMessageBatchResultTypeDef | DeleteMessageBatchResultTypeDef") -> None:
    """Raise the error of the first entry that a batch's answer says was refused, if any."""
    for failed in answer.get("Failed", []):
        raise of_code(operation, failed["Code"])


def _batches(dispatches: Sequence[Dispatch]) -> Iterator[tuple[str, list[_Message]]]:
    """The messages by queue, each batch as large as SQS accepts."""
    for queue, several in groupby(sorted(dispatches, key=_queue), _queue):
        yield from ((queue, batch) for batch in fitting(map(_message, several), _COUNT, _BYTES, _weight))


def _queue(dispatch: Dispatch) -> str:
    return dispatch.queue


def _message(dispatch: Dispatch) -> _Message:
    return _Message(dispatch, encode(dispatch.task))


def _attributes(cause: str) -> "dict[str, MessageAttributeValueTypeDef]":
    return {"correlation_id": {"DataType": "String", "StringValue": cause}} if cause else {}


def _weight(message: _Message) -> int:
    return len(message.body)
