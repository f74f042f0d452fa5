"""Streams, queues and the due indexes, read straight from moto's memory."""

from collections.abc import Sequence
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.sqs.models import Message, sqs_backends

from local.aws.moto_rows import RowChange
from local.runtime.clock import now
from local.runtime.lambda_events import ACCOUNT, REGION, message_attributes, stream_record


def moto_table(name: str) -> Any:
    """moto's table of this name."""
    return dynamodb_backends[ACCOUNT][REGION].tables[name]


class MotoStream:
    """The stream of one of moto's tables; records are dropped once read, as moto would keep them for ever."""

    def __init__(self, table: str) -> None:
        self._table = table

    def __call__(self) -> Sequence[dict[str, Any]]:
        """The records since the last call."""
        table = moto_table(self._table)
        shard = table.stream_shard
        if not shard.items:
            return ()
        fresh, shard.items = shard.items, []
        shard.starting_sequence_number += len(fresh)
        arn = f"{table.table_arn}/stream/{table.latest_stream_label}"
        return [
            item.record(arn, REGION) if isinstance(item, RowChange) else stream_record(item.to_json(), arn)
            for item in fresh
        ]


class MotoQueue:
    """One of moto's queues, read without copying every message as moto's own receive does."""

    def __init__(self, url: str) -> None:
        self._queue = sqs_backends[ACCOUNT][REGION].queues[url.rpartition("/")[2]]
        self.arn: str = self._queue.queue_arn

    def take(self, count: int) -> Sequence[dict[str, Any]]:
        """Receive visible messages, earliest first; one received too often moves to the dead-letter queue."""
        at = now()
        ready = sorted((m for m in self._queue._messages if _visible_at(m) <= at), key=_visible_at)
        messages: list[dict[str, Any]] = []
        for message in ready:
            if self._exhausted(message):
                self._remove(message.id)
                self._queue.dead_letter_queue.add_message(message)
            elif len(messages) < count:
                message.mark_received(self._queue.visibility_timeout)
                messages.append(_received(message))
            else:
                break
        return messages

    def done(self, received: Any) -> None:
        """Delete the message."""
        self._remove(received["messageId"])

    def next_visible(self) -> int | None:
        """The second at which the next message can be received."""
        return min(map(_visible_at, self._queue._messages), default=None)

    @property
    def waiting(self) -> int:
        """The number of messages in the queue, including delayed ones."""
        return len(self._queue._messages)

    def _exhausted(self, message: Message) -> bool:
        policy = self._queue.redrive_policy if self._queue.dead_letter_queue is not None else None
        return policy is not None and message.approximate_receive_count >= int(policy["maxReceiveCount"])

    def _remove(self, message_id: str) -> None:
        self._queue._messages = [message for message in self._queue._messages if message.id != message_id]


def _visible_at(message: Message) -> int:
    return int(max(message.visible_at, message.delayed_until)) // 1000


def _received(message: Message) -> dict[str, Any]:
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": {
            "ApproximateReceiveCount": str(message.approximate_receive_count),
            "SentTimestamp": str(message.sent_timestamp),
            "SenderId": message.sender_id,
            "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
        },
        "messageAttributes": message_attributes(message.message_attributes),
        "md5OfBody": message.body_md5,
    }
