"""Streams and queues of another AWS, read through its API."""

from collections.abc import Callable, Sequence
from typing import Any

from local.runtime.lambda_events import message_attributes, stream_record

ClientOf = Callable[[str], Any]


class ApiStream:
    """A table's stream, read from the beginning of every shard."""

    def __init__(self, client_of: ClientOf, table: str) -> None:
        self._streams = client_of("dynamodbstreams")
        self._arn: str = client_of("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
        self._iterators: dict[str, str | None] = {}

    def __call__(self) -> Sequence[dict[str, Any]]:
        """The records since the last call."""
        self._find_shards()
        records: list[dict[str, Any]] = []
        for shard, iterator in self._iterators.items():
            if iterator is not None:
                answer = self._streams.get_records(ShardIterator=iterator)
                self._iterators[shard] = answer.get("NextShardIterator")
                records += (stream_record(record, self._arn) for record in answer["Records"])
        return records

    def _find_shards(self) -> None:
        for shard in self._streams.describe_stream(StreamArn=self._arn)["StreamDescription"]["Shards"]:
            if shard["ShardId"] not in self._iterators:
                self._iterators[shard["ShardId"]] = self._streams.get_shard_iterator(
                    StreamArn=self._arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
                )["ShardIterator"]


class ApiQueue:
    """A queue read and deleted from by its URL; its own redrive policy moves failed messages to the dead letters."""

    def __init__(self, client_of: ClientOf, url: str) -> None:
        self._sqs = client_of("sqs")
        self._url = url
        answer = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        self.arn: str = answer["Attributes"]["QueueArn"]

    def take(self, count: int) -> Sequence[dict[str, Any]]:
        """Receive visible messages."""
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=count,
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message.get("Attributes", {}),
                "messageAttributes": message_attributes(message.get("MessageAttributes", {})),
                "md5OfBody": message["MD5OfBody"],
            }
            for message in answer.get("Messages", ())
        ]

    def done(self, received: Any) -> None:
        """Delete the message."""
        self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=received["receiptHandle"])

    def next_visible(self) -> int | None:
        """Unknown for a queue behind an API, which is polled instead."""
        return None

    @property
    def waiting(self) -> int:
        """The approximate number of messages in the queue."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed"]
        answer = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return sum(int(value) for value in answer["Attributes"].values())
