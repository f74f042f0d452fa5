"""The events of a function that a schedule begins and its own queue goes on with."""

from typing import Any

from aws_lambda_powertools.utilities.data_classes import EventBridgeEvent, SQSEvent


def event_of(event: dict[str, Any]) -> SQSEvent | EventBridgeEvent:
    """The queue's batch, or what the schedule says."""
    return SQSEvent(event) if "Records" in event else EventBridgeEvent(event)
