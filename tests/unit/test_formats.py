"""A release that cannot read what is stored says so, and neither reads nor writes; what senders send is taken."""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
import pytest
from moto import mock_aws

from functions import startup, wiring
from functions.core.base import formats
from functions.core.base.errors import StoredByNewer, is_outage
from functions.handlers import api, collect, feedback, wake
from functions.telemetry import counts
from functions.topology import FUNCTIONS
from functions.topology_rows import Grant
from functions.usecases.hold_format import TOO_OLD, hold_format
from local.aws.resources import create, environment_of
from tests.fakes.formats import FakeFormats
from tests.lambda_context import CONTEXT
from tests.requests import gateway

# What a storefront, a browser and a recipient wait for: it only appends, and what it appends every later release reads.
APPENDING = {"collect", "preferences"}
# It keeps nothing.
KEEPING_NOTHING = {"deliver"}
# It reads, and writes nothing in any format.
READING = {"audience"}


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The places of a shop in which a release that is newer by two has stored something."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        wiring.reset()
        places = create(boto3.client, values={"write-key": "WK"})
        put(places, formats.READ + 1)
        yield places
        wiring.reset()


def put(places: dict[str, str], number: int) -> None:
    row = {"pk": {"S": "stored"}, "n": {"N": str(number)}}
    boto3.client("dynamodb").put_item(TableName=places["TABLE_FORMATS"], Item=row)


def environment(name: str, places: dict[str, str]) -> dict[str, str]:
    return environment_of(next(row for row in FUNCTIONS if row.name == name), places)


def rows(places: dict[str, str]) -> dict[str, list[Any]]:
    client = boto3.client("dynamodb")
    return {name: client.scan(TableName=table)["Items"] for name, table in places.items() if name.startswith("TABLE_")}


def queue_event(queue: str, body: str) -> dict[str, Any]:
    record = {"messageId": "m1", "body": body, "eventSource": "aws:sqs", "messageAttributes": {}, "attributes": {}}
    return {"Records": [{**record, "eventSourceARN": f"arn:aws:sqs:eu-west-1:1:{queue}"}]}


@pytest.mark.parametrize(
    ("number", "raised"), [(0, formats.WRITTEN), (formats.WRITTEN, formats.WRITTEN), (formats.READ, formats.READ)]
)
def test_a_release_says_in_which_format_it_writes_before_it_does(number: int, raised: int) -> None:
    stored = FakeFormats()
    stored.number = number
    hold_format(stored, lambda _: None)
    assert raised == stored.number


def test_what_a_newer_release_has_stored_is_told_in_words_and_is_an_outage() -> None:
    stored, counted = FakeFormats(), list[Any]()
    stored.number = formats.READ + 1
    with pytest.raises(StoredByNewer, match="deploy a newer release") as raised:
        hold_format(stored, counted.append)
    assert [{TOO_OLD: 1}] == counted
    assert is_outage(raised.value)


def test_whoever_rewrites_what_is_stored_asks_first() -> None:
    for row in FUNCTIONS:
        asks, says = (Grant("table", "formats", access) in row.grants for access in ("read", "append"))
        assert asks == (row.name not in APPENDING | KEEPING_NOTHING), row.name
        assert says == (asks and row.name not in READING), row.name


@pytest.mark.parametrize(
    ("name", "handler", "event"),
    [
        ("wake", wake.handler, queue_event("wakes", '{"profile":"p1","at":9}')),
        ("feedback", feedback.handler, queue_event("feedback", "{}")),
    ],
)
def test_an_old_release_leaves_everything_as_it_is_and_its_message_to_the_queue(
    places: dict[str, str], name: str, handler: Any, event: Any
) -> None:
    before = rows(places)
    failed = [{"itemIdentifier": "m1"}]
    # With an invocation that fails every message comes again.
    with wiring.use(environment(name, places)), suppress(StoredByNewer):
        failed = handler(event, CONTEXT)["batchItemFailures"]
    assert [{"itemIdentifier": "m1"}] == failed
    assert before == rows(places)


def test_the_api_of_an_old_release_says_what_helps(places: dict[str, str]) -> None:
    with wiring.use(environment("api", places)):
        answer = api.handler(gateway("GET", "/api/segments", b"", {}), CONTEXT)
    assert 503 == answer["statusCode"]
    (fault,) = json.loads(answer["body"])["faults"]
    assert "deploy a newer release" in fault["message"]


def test_events_are_taken_into_the_log_whatever_is_stored(places: dict[str, str]) -> None:
    body = {"writeKey": "WK", "event": "Product Viewed", "anonymousId": "a1", "messageId": "m1"}
    with wiring.use(environment("collect", places)):
        answer = collect.handler(gateway("POST", "/v1/track", json.dumps(body).encode(), {}), CONTEXT)
    assert 200 == answer["statusCode"]
    assert 1 == len(rows(places)["TABLE_LOG"])


def test_a_process_asks_once_and_again_after_a_snapshot(places: dict[str, str], monkeypatch) -> None:
    put(places, formats.READ)
    for name, value in environment("wake", places).items():
        monkeypatch.setenv(name, value)
    wiring.context()
    put(places, formats.READ + 1)
    wiring.context()
    startup.after_restore()
    with pytest.raises(StoredByNewer):
        wiring.context()
    counts().clear()
