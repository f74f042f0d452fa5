"""The events of the local host have every part that Powertools' data classes read of those of AWS."""

from datetime import UTC, datetime
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import (
    APIGatewayProxyEventV2,
    DynamoDBStreamEvent,
    EventBridgeEvent,
    SQSEvent,
)
from aws_lambda_powertools.utilities.data_classes.common import DictWrapper

from local.aws.ses_events import Sending, ses_event
from local.runtime.lambda_events import LocalRequest, http_event, schedule_event, stream_event, stream_record
from local.runtime.queues import record_of

ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/segue/stream/2026-11-21T00:00:00.000"
MESSAGE = {
    "messageId": "1",
    "receiptHandle": "r",
    "body": "{}",
    "md5OfBody": "m",
    "messageAttributes": {},
    "attributes": {
        "ApproximateReceiveCount": "1",
        "SentTimestamp": "1545082649183",
        "SenderId": "A",
        "ApproximateFirstReceiveTimestamp": "1545082649185",
    },
}
# Of these an event has one or none, depending on how the function is called.
ELSEWHERE = {"authentication", "authorizer", "cookies", "decoded_body", "json_body", "decoded_nested_sqs_event"}


def properties(value: DictWrapper) -> dict[str, Any]:
    """Each property that the data class has, read."""
    names = [name for name in dir(type(value)) if isinstance(getattr(type(value), name), property)]
    return {name: getattr(value, name) for name in names if name not in ELSEWHERE and "nested" not in name}


def test_a_request_has_the_shape_of_api_gateway() -> None:
    sent = (("Host", "127.0.0.1:8787"), ("User-Agent", "curl"))
    event = APIGatewayProxyEventV2(
        http_event(LocalRequest("GET", "/u/t", "a=1", sent), "GET /u/{token}", {"token": "t"})
    )
    context = event.request_context
    assert ("GET", "/u/t", "2.0", "t") == (event.http_method, event.path, event.version, event.path_parameters["token"])
    assert ("curl", "127.0.0.1", "$default") == (context.http.user_agent, context.http.source_ip, context.stage)
    assert datetime.strptime(context.time, "%d/%b/%Y:%H:%M:%S %z") == datetime.fromtimestamp(
        context.time_epoch / 1000, UTC
    )
    assert properties(event) and properties(context) and properties(context.http)


@pytest.mark.parametrize("function", ["tick", "refresh"])
def test_a_call_of_a_schedule_has_the_shape_of_eventbridge_scheduler(function: str) -> None:
    event = EventBridgeEvent(schedule_event(function))
    assert ("aws.scheduler", "Scheduled Event") == (event.source, event.detail_type)
    assert event.resources[0].endswith(f":schedule/default/segue-{function}")
    assert properties(event)["replay_name"] is None


def test_a_report_of_ses_has_the_shape_of_what_it_publishes() -> None:
    sending = Sending("ses-1", "shop@shop.example", ("ann@mail.example",), "Hi", (), {"profile": "p"}, "segue", 1)
    event = ses_event(sending, "delivery")
    assert ({"eventType", "mail", "delivery"}, "Delivery") == (set(event), event["eventType"])


def test_a_record_of_a_stream_has_the_shape_of_dynamodb_streams() -> None:
    change = {
        "eventID": "1",
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {"pk": {"S": "a"}},
            "NewImage": {"pk": {"S": "a"}, "b": {"B": b"12"}},
            "SequenceNumber": "1",
            "SizeBytes": 3,
            "StreamViewType": "NEW_IMAGE",
        },
    }
    (record,) = DynamoDBStreamEvent(stream_event([stream_record(change, ARN)])).records
    assert record.dynamodb is not None
    # Bytes are base64; what Powertools makes of them is not decoded.
    assert {"S": "a"} == record.dynamodb["NewImage"]["pk"]
    assert {"pk": "a", "b": "MTI="} == record.dynamodb.new_image
    assert (ARN, "eu-west-1") == (record.event_source_arn, record.aws_region)
    assert properties(record) and properties(record.dynamodb)


def test_a_message_of_a_queue_has_the_shape_of_sqs() -> None:
    message = record_of(MESSAGE, "arn:aws:sqs:eu-west-1:123456789012:wakes")
    (record,) = SQSEvent({"Records": [message]}).records
    assert ("1", "{}", "eu-west-1") == (record.message_id, record.body, record.aws_region)
    assert properties(record) and properties(record.attributes)
