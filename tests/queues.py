"""What queues hand out, taken from them."""

from typing import Any

from functions import wiring


def taken_from(client: Any, url: str) -> list[dict[str, Any]]:
    """The messages that the queue hands out now, taken from it."""
    found: list[dict[str, Any]] = []
    while messages := client.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += messages
        for message in messages:
            client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def taken(queue: str) -> list[str]:
    """The bodies of the messages in the queue of this name in the topology, taken from it."""
    url = wiring.ports().settings.place("queue", queue)
    return [each["Body"] for each in taken_from(wiring.clients().get("sqs"), url)]
