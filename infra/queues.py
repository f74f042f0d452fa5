"""The queues of the topology, each with its dead-letter queue."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from functions.topology import QUEUES
from functions.topology_rows import Queue


class DeadLetters(sqs.Queue):
    """A queue for messages that failed for good; keeps them for 14 days, SQS's maximum."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(
            scope,
            construct_id,
            retention_period=Duration.days(14),
            # Without a moment's patience SQS asks a few of its servers only, and finds none of a few messages.
            receive_message_wait_time=Duration.seconds(1),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
        )


class Queues(Construct):
    """Every queue, and its dead-letter queue under the same name."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.dead = {row.name: DeadLetters(self, f"{row.name}-dead") for row in QUEUES}
        self.by_name = {row.name: self._queue(row) for row in QUEUES}

    def _queue(self, row: Queue) -> sqs.Queue:
        return sqs.Queue(
            self,
            row.name,
            visibility_timeout=Duration.seconds(row.visibility),
            retention_period=Duration.days(14),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead[row.name], max_receive_count=row.attempts),
        )
