"""The machinery of the local host, with functions of the test's own in place of the deployed ones."""

import base64
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from functions import wiring
from functions.topology import DECLARED, FUNCTIONS, QUEUES
from functions.usecases.collect import STOREFRONTS
from tests.flow.host import Host, opened


def client(service: str) -> Any:
    return wiring.clients().get(service)


def put_log(name: str) -> None:
    item = {"pk": {"S": "email:ann@x.org"}, "sk": {"S": name}, "b": {"B": b"\x00\xff"}}
    client("dynamodb").put_item(TableName="segue-log", Item=item)


def send(queue: str, body: str, delay: int = 0) -> None:
    url = client("sqs").get_queue_url(QueueName=f"segue-{queue}")["QueueUrl"]
    client("sqs").send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay)


def dead(queue: str) -> list[str]:
    url = client("sqs").get_queue_url(QueueName=f"segue-{queue}-dead")["QueueUrl"]
    return [m["Body"] for m in client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])]


@contextmanager
def with_functions(**handlers: Any) -> Iterator[Host]:
    silent = {function.name: lambda event, context: None for function in FUNCTIONS}
    with opened(silent | handlers) as host:
        yield host


def names(event: Any) -> list[str]:
    return [record["dynamodb"]["Keys"]["sk"]["S"] for record in event["Records"]]


def test_a_stream_record_reaches_its_function_in_the_shape_that_lambda_gives_it() -> None:
    seen: list[Any] = []
    with with_functions(fold=lambda event, context: seen.append(event)) as host:
        put_log("1")
        host.settle()
    (record,) = seen[0]["Records"]
    assert {"eventID", "eventName", "eventSource", "eventVersion", "awsRegion", "eventSourceARN"} <= record.keys()
    assert "INSERT" == record["eventName"]
    assert base64.b64encode(b"\x00\xff").decode() == record["dynamodb"]["NewImage"]["b"]["B"]
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], int)
    assert json.dumps(seen[0])


def test_a_stream_is_handed_over_in_batches_and_in_order() -> None:
    seen: list[list[str]] = []
    with with_functions(fold=lambda event, context: seen.append(names(event))) as host:
        for number in range(250):
            put_log(f"{number:03d}")
        host.settle()
    assert [100, 100, 50] == [len(batch) for batch in seen]
    assert [f"{number:03d}" for number in range(250)] == [name for batch in seen for name in batch]


def test_a_rewritten_row_of_the_log_is_filtered_out() -> None:
    seen: list[list[str]] = []
    with with_functions(fold=lambda event, context: seen.append(names(event))) as host:
        put_log("1")
        host.settle()
        put_log("1")
        host.settle()
    assert [["1"]] == seen


def test_only_the_part_and_the_flag_that_the_trigger_names_are_let_through() -> None:
    seen: list[tuple[str, str]] = []

    def react(event: Any, context: Any) -> None:
        keys = [record["dynamodb"]["Keys"] for record in event["Records"]]
        seen.extend((key["pk"]["S"], key["part"]["S"]) for key in keys)

    with with_functions(react=react) as host:
        for pk, part, flag in (("p", "attributes", True), ("p", "state", True), ("q", "state", False)):
            item = {"pk": {"S": pk}, "part": {"S": part}, "n": {"BOOL": flag}}
            client("dynamodb").put_item(TableName="segue-profiles", Item=item)
        host.settle()
    assert [("p", "state")] == seen


def test_a_record_that_fails_is_found_by_halving_and_holds_up_what_is_behind_it_until_it_is_a_day_old() -> None:
    done: list[str] = []
    tried: list[int] = []

    def fold(event: Any, context: Any) -> None:
        if "5" in names(event):
            tried.extend([int(time.time())] if len(names(event)) == 1 else [])
            raise RuntimeError("poison")
        done.extend(names(event))

    with with_functions(fold=fold) as host:
        begun = host.clock()
        for number in range(10):
            put_log(str(number))
        host.settle()
        assert ["0", "1", "2", "3", "4"] == done
        host.clock.advance("23h")
        put_log("young")
        host.clock.advance("1h1m")
        overview = host.local("GET", "overview")
    assert [0, 1, 3, 7, 15, 31, 63, 123, 183] == [at - begun for at in tried[:9]]
    assert begun + 24 * 3600 - 60 <= tried[-1] < begun + 24 * 3600
    # All that came with it and waited behind it are as old; what came later is not.
    assert ["0", "1", "2", "3", "4", "young"] == done
    letter = overview["dead_letters"][-1]
    assert "5" == letter["payload"][0]["dynamodb"]["Keys"]["sk"]["S"]
    assert "RuntimeError: poison" in overview["failures"][0]["message"]


def test_a_stream_goes_on_from_the_lowest_record_reported_as_failed() -> None:
    seen: list[list[str]] = []

    def fold(event: Any, context: Any) -> Any:
        seen.append(names(event))
        numbers = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
        return {"batchItemFailures": [{"itemIdentifier": n} for n in reversed(numbers[2:4])]} if len(seen) == 1 else {}

    with with_functions(fold=fold) as host:
        for number in range(5):
            put_log(str(number))
        host.settle()
    assert [["0", "1", "2", "3", "4"], ["2", "3", "4"]] == seen


def test_a_delayed_message_arrives_on_its_second() -> None:
    seen: list[int] = []
    with with_functions(wake=lambda event, context: seen.append(int(time.time()))) as host:
        start = host.clock()
        send("wakes", "{}", 90)
        send("wakes", "{}", 599)
        host.clock.advance("89s")
        assert [] == seen
        host.clock.advance("1h")
        assert [start + 90, start + 599] == seen
        assert start + 3689 == host.clock()


def test_a_message_that_fails_comes_back_after_its_visibility_and_ends_as_a_dead_letter() -> None:
    seen: list[tuple[int, str]] = []

    def wake(event: Any, context: Any) -> None:
        seen.append((int(time.time()), event["Records"][0]["attributes"]["ApproximateReceiveCount"]))
        raise RuntimeError("no")

    with with_functions(wake=wake) as host:
        start = host.clock()
        send("wakes", "poison")
        host.settle()
        assert [(start, "1")] == seen
        host.clock.advance("1h")
        (queue,) = (each for each in QUEUES if each.name == "wakes")
        assert [(start + queue.visibility * n, str(n + 1)) for n in range(queue.attempts)] == seen
        assert ["poison"] == dead("wakes")
        assert 1 == host.local("GET", "overview")["dead_letter_count"]


def test_of_a_batch_of_messages_only_those_reported_as_failed_come_back() -> None:
    seen: list[list[str]] = []

    def wake(event: Any, context: Any) -> Any:
        seen.append([record["body"] for record in event["Records"]])
        bad = [record["messageId"] for record in event["Records"] if record["body"] == "b" and len(seen) == 1]
        return {"batchItemFailures": [{"itemIdentifier": name} for name in bad]}

    with with_functions(wake=wake) as host:
        for body in "abc":
            send("wakes", body)
        host.clock.advance("5m")
    assert [["a", "b", "c"], ["b"]] == seen


def test_ticks_come_on_whole_minutes_and_only_where_something_is_due() -> None:
    seen: list[int] = []
    due = 0

    def tick(event: Any, context: Any) -> None:
        seen.append(int(time.time()))
        if time.time() + 60 > due:
            client("dynamodb").delete_item(TableName="segue-profiles", Key={"pk": {"S": "p"}, "part": {"S": "state"}})

    with with_functions(tick=tick) as host:
        due = host.clock() + 10 * 86400
        row = {"pk": {"S": "p"}, "part": {"S": "state"}, "shard": {"S": "0"}, "due": {"N": str(due)}}
        client("dynamodb").put_item(TableName="segue-profiles", Item=row)
        host.clock.advance("30d")
    assert all(instant % 60 == 0 for instant in seen)
    assert due - due % 60 == seen[-1]
    assert len(seen) <= 3


def test_the_index_answers_as_it_is_written_updated_and_deleted() -> None:
    def found(before: int) -> list[str]:
        answer = client("dynamodb").query(
            TableName="segue-runs",
            IndexName="due",
            KeyConditionExpression="#s = :s AND due < :d",
            ExpressionAttributeNames={"#s": "shard"},
            ExpressionAttributeValues={":s": {"S": "0"}, ":d": {"N": str(before)}},
        )
        return [item["pk"]["S"] for item in answer["Items"]]

    def row(name: str, due: int, shard: str = "0") -> dict[str, Any]:
        return {"pk": {"S": name}, "sk": {"S": "f#1"}, "shard": {"S": shard}, "due": {"N": str(due)}}

    with with_functions():
        table = client("dynamodb")
        for item in (row("c", 30), row("a", 10), row("b", 20), row("z", 5, "1")):
            table.put_item(TableName="segue-runs", Item=item)
        assert ["a", "b"] == found(30)
        table.put_item(TableName="segue-runs", Item=row("a", 40))
        assert ["b", "c"] == found(31)
        table.update_item(
            TableName="segue-runs",
            Key={"pk": {"S": "b"}, "sk": {"S": "f#1"}},
            UpdateExpression="REMOVE #d",
            ExpressionAttributeNames={"#d": "due"},
        )
        table.delete_item(TableName="segue-runs", Key={"pk": {"S": "c"}, "sk": {"S": "f#1"}})
        assert ["a"] == found(100)


def test_a_function_that_raises_answers_500_and_the_failure_is_kept() -> None:
    def collect(event: Any, context: Any) -> None:
        raise KeyError("nothing")

    with with_functions(collect=collect) as host:
        answer = host.request("POST", "/v1/track", {})
        assert (500, {"message": "Internal Server Error"}) == (answer.status, json.loads(answer.body))
        assert "collect" == host.local("GET", "overview")["failures"][0]["function"]


@pytest.mark.parametrize(
    ("content_type", "body", "encoded"),
    [
        ("application/json", b'{"a":1}', False),
        ("application/json; charset=utf-8", b'{"a":1}', False),
        ("text/plain", b'{"a":1}', False),
        ("application/x-www-form-urlencoded", b"a=1", True),
        (None, b"a", True),
        ("application/json", b"\x1f\x8b\x08\x00", True),
    ],
)
def test_a_body_is_text_or_base64_as_api_gateway_makes_it(content_type: str | None, body: bytes, encoded: bool) -> None:
    seen: list[Any] = []

    def collect(event: Any, context: Any) -> Any:
        seen.append(event)
        return {"statusCode": 200, "body": "{}"}

    with with_functions(collect=collect) as host:
        host.request("POST", "/v1/track", body, {"content-type": content_type} if content_type else {})
    assert encoded is seen[0]["isBase64Encoded"]
    assert body == (base64.b64decode(seen[0]["body"]) if encoded else seen[0]["body"].encode())


def test_routes_cookies_and_queries_arrive_as_api_gateway_hands_them_over() -> None:
    seen: list[Any] = []

    def answer(event: Any, context: Any) -> Any:
        seen.append(event)
        return {"statusCode": 204, "headers": {"X-A": "1"}, "cookies": ["a=1", "b=2"]}

    with with_functions(collect=answer, api=answer) as host:
        got = host.request("POST", "/hooks/shop%20ify?a=1&a=2&b=", b"{}", {"cookie": "x=1; y=2", "X-Long": "Name"})
        host.request("DELETE", "/api/profiles/1/explain", b"")
        assert 404 == host.request("GET", "/hooks").status
        assert 404 == host.request("GET", "/api").status
    hook, api = seen
    assert "POST /hooks/{source}" == hook["routeKey"]
    assert {"source": "shop ify"} == hook["pathParameters"]
    assert {"a": "1,2", "b": ""} == hook["queryStringParameters"]
    assert ["x=1", "y=2"] == hook["cookies"]
    assert "Name" == hook["headers"]["x-long"]
    assert "cookie" not in hook["headers"]
    assert ("ANY /api/{proxy+}", {"proxy": "profiles/1/explain"}) == (api["routeKey"], api["pathParameters"])
    assert "body" not in api
    assert [("x-a", "1"), ("set-cookie", "a=1"), ("set-cookie", "b=2")] == list(got.headers)[:3]


def test_each_function_sees_only_what_the_topology_grants_it() -> None:
    seen: dict[str, set[str]] = {}

    def collect(event: Any, context: Any) -> Any:
        seen["collect"] = set(wiring.ports().settings.places)
        return {"statusCode": 200}

    with with_functions(collect=collect) as host:
        host.request("POST", "/v1/track", {})
    expected = {"TABLE_LOG", "TABLE_QUARANTINE", "TABLE_PRODUCTS", "TABLE_ERASURES", "TABLE_SOURCES", "QUEUE_ERASURES"}
    keys = {"SECRET_WRITE_KEY", "SECRET_SERVER_KEY", "SECRET_IDENTITY_KEY", "SECRET_VISIT_KEY"}
    assert expected | keys | {f"SECRET_{name.upper()}" for name in (*STOREFRONTS, DECLARED)} == seen["collect"]
