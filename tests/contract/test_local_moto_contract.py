"""The local host's short way to moto answers every call as moto does over HTTP, the first time and every later one."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from unittest import mock

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from local.aws import moto_patches
from local.aws.moto_sources import MotoStream
from local.runtime.lambda_events import REGION

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled",
}
EVERYTHING = {
    "s": {"S": "ø"},
    "n": {"N": "1.50"},
    "b": {"B": b"\x00\xff"},
    "yes": {"BOOL": True},
    "no": {"BOOL": False},
    "none": {"NULL": True},
    "ss": {"SS": ["a", "b"]},
    "l": {"L": [{"S": "x"}, {"N": "2"}, {"B": b"\x01"}, {"M": {"deep": {"L": [{"BOOL": True}]}}}]},
    "m": {"M": {"inner": {"N": "3"}, "raw": {"B": b"\x02"}, "empty": {"M": {}}}},
}
ABSENT = {"ConditionExpression": "attribute_not_exists(#pk)", "ExpressionAttributeNames": {"#pk": "pk"}}


def key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def row(pk: str, sk: str, **more: Any) -> dict[str, Any]:
    return {**key(pk, sk), **more}


def versioned(version: int, **more: Any) -> dict[str, Any]:
    return {
        "Item": row("a", "1", v={"N": str(version + 1)}),
        "ConditionExpression": "#v = :v",
        "ExpressionAttributeNames": {"#v": "v"},
        "ExpressionAttributeValues": {":v": {"N": str(version)}},
        **more,
    }


def settled(pk: str, state: str, when: str) -> dict[str, Any]:
    return {
        "Key": key(pk, "1"),
        "UpdateExpression": "SET #state = :state, #at = :at",
        "ConditionExpression": when,
        "ExpressionAttributeNames": {"#state": "state", "#at": "at", **({"#pk": "pk"} if "#pk" in when else {})},
        "ExpressionAttributeValues": {":state": {"S": state}, ":at": {"N": "7"}},
    }


def together(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"TransactItems": [{"Put": {"TableName": "rows", "Item": each, **ABSENT}} for each in rows]}


NUMBERS = ("before", "least", "most")


def asked(where: str, names: str, more: dict[str, Any] | None = None, **values: str) -> dict[str, Any]:
    return {
        "KeyConditionExpression": where,
        "ExpressionAttributeNames": {f"#{name}": name for name in names.split()},
        "ExpressionAttributeValues": {
            f":{name}": {"N" if name in NUMBERS else "S": text} for name, text in values.items()
        },
        **(more or {}),
    }


def within(least: str, most: str, more: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """A page of the index of what is due."""
    condition, terms = "#shard = :shard AND #due BETWEEN :least AND :most", {"shard": "0", "least": least, "most": most}
    return "query", asked(condition, "shard due", more={"IndexName": "due", **more}, **terms)


COMPARED = ("Code", "Message", "Item", "Items", "Count", "Responses", "LastEvaluatedKey")
DUE = {"shard": {"S": "0"}}
SCRIPT: tuple[tuple[str, dict[str, Any]], ...] = (
    ("put_item", {"Item": row("a", "1", **EVERYTHING)}),
    ("get_item", {"Key": key("a", "1"), "ConsistentRead": True}),
    ("get_item", {"Key": key("a", "nothing"), "ConsistentRead": True}),
    ("get_item", {"Key": {"pk": {"S": "a"}}}),
    ("get_item", {"Key": key("a", "")}),
    ("put_item", {"Item": row("a", "1"), **ABSENT}),
    ("put_item", {"Item": row("a", "1"), **ABSENT, "ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ("put_item", {"Item": row("a", "2", **DUE, due={"N": "30"}), **ABSENT}),
    ("put_item", {"Item": row("b", "é", **DUE, due={"N": "20"})}),
    ("put_item", {"Item": row("b", "z", **DUE, due={"N": "9"})}),
    ("put_item", {"Item": row("b", "y", shard={"S": "1"}, due={"N": "5"})}),
    ("put_item", {"Item": row("c", "1", big={"S": "x" * 500_000})}),
    ("put_item", {"Item": {"pk": {"S": "a"}}}),
    ("put_item", {"Item": row("a", "1", v={"N": "1"})}),
    ("put_item", versioned(1)),
    ("put_item", versioned(1)),
    ("put_item", versioned(1, ReturnValuesOnConditionCheckFailure="ALL_OLD")),
    ("put_item", versioned(2)),
    ("update_item", settled("a", "sent", "attribute_exists(#pk)")),
    ("update_item", settled("a", "held", "#state = :state")),
    ("update_item", settled("nobody", "sent", "attribute_exists(#pk)")),
    ("update_item", settled("new", "sent", "attribute_not_exists(#pk)")),
    ("get_item", {"Key": key("a", "1"), "ConsistentRead": True}),
    ("get_item", {"Key": key("new", "1"), "ConsistentRead": True}),
    ("query", asked("#pk = :pk", "pk", pk="b", more={"ConsistentRead": True})),
    ("query", asked("#pk = :pk", "pk", pk="nobody")),
    ("query", asked("#pk = :pk AND #sk >= :since", "pk sk", pk="b", since="z")),
    ("query", asked("#pk = :pk AND begins_with(#sk, :start)", "pk sk", pk="b", start="y")),
    ("query", asked("#pk = :pk", "pk", pk="a", more={"ProjectionExpression": "#pk"})),
    (
        "query",
        asked("#shard = :shard AND #due < :before", "shard due", more={"IndexName": "due"}, shard="0", before="30"),
    ),
    (
        "query",
        {
            **asked("#shard = :shard AND #due < :before", "shard due", more={"IndexName": "due"}, before="30"),
            "ExpressionAttributeValues": {":shard": {"N": "0"}, ":before": {"N": "30"}},
        },
    ),
    ("batch_get_item", {"RequestItems": {"rows": {"Keys": [key("a", "1"), key("b", "z"), key("x", "x")]}}}),
    ("batch_get_item", {"RequestItems": {"rows": {"Keys": [key("a", "1"), key("a", "1")]}}}),
    ("batch_get_item", {"RequestItems": {"rows": {"Keys": [key("a", str(i)) for i in range(101)]}}}),
    ("transact_write_items", together(row("t", "1"), row("t", "2"))),
    ("transact_write_items", together(row("t", "3"), row("t", "1"))),
    ("transact_write_items", together(row("t", "4"), row("t", "4"))),
    ("query", asked("#pk = :pk", "pk", pk="t")),
    *(("put_item", {"Item": row("large", f"{number}", text={"S": "é" * 150_000})}) for number in range(8)),
    ("query", asked("#pk = :pk", "pk", pk="large")),
    ("query", asked("#pk = :pk", "pk", pk="large", more={"ExclusiveStartKey": key("large", "2")})),
    ("query", asked("#pk = :pk", "pk", pk="large", more={"ExclusiveStartKey": key("large", "5")})),
    ("query", asked("#pk = :pk", "pk", pk="large", more={"ExclusiveStartKey": key("large", "7")})),
    ("query", asked("#pk = :pk AND #sk >= :since", "pk sk", pk="large", since="3")),
    *(("delete_item", {"Key": key("large", f"{number}")}) for number in range(8)),
    ("scan", {"Limit": 2}),
    ("scan", {"Limit": 2, "ExclusiveStartKey": key("a", "2")}),
    ("scan", {"Limit": 1, "Segment": 1, "TotalSegments": 2}),
    ("scan", {"Limit": 100, "ExclusiveStartKey": key("zz", "1")}),
    (
        "scan",
        {
            "Limit": 3,
            "FilterExpression": "#sk = :sk AND attribute_not_exists(#due)",
            "ExpressionAttributeNames": {"#sk": "sk", "#due": "due"},
            "ExpressionAttributeValues": {":sk": {"S": "1"}},
        },
    ),
    *(("put_item", {"Item": row(name, sort, **DUE, due={"N": "30"})}) for name, sort in ("ba", "az", "bc", "ab")),
    within("9", "29", {}),
    within("10", "30", {}),
    within("10", "30", {"Limit": 2}),
    within("10", "30", {"Limit": 6}),
    within("40", "50", {"Limit": 1}),
    within("10", "30", {"Limit": 2, "ExclusiveStartKey": {**key("a", "z"), **DUE, "due": {"N": "30"}}}),
    within("10", "30", {"Limit": 2, "ExclusiveStartKey": {**key("a", "zz"), **DUE, "due": {"N": "30"}}}),
    ("query", asked("#pk = :pk", "pk", pk="b", more={"Limit": 1})),
    *(("delete_item", {"Key": key(name, sort)}) for name, sort in ("ba", "az", "bc", "ab")),
    ("delete_item", {"Key": key("t", "1")}),
    ("delete_item", {"Key": key("t", "2")}),
    ("delete_item", {"Key": key("b", "z")}),
    (
        "query",
        asked("#shard = :shard AND #due < :before", "shard due", more={"IndexName": "due"}, shard="0", before="99"),
    ),
)


def test_every_call_answers_and_refuses_as_over_http_the_first_time_and_later() -> None:
    with served(tuned=False) as client:
        expected = [answer for _ in range(3) for answer in played(client)]
        streamed = records("rows")
    with served(tuned=True) as client:
        assert expected == [answer for _ in range(3) for answer in played(client)]
        assert streamed == records("rows")


def test_what_a_caller_changes_afterwards_is_not_changed_in_the_table() -> None:
    item = row("a", "1", m={"M": {"inner": {"S": "as sent"}}}, l={"L": [{"S": "as sent"}]})
    with served(tuned=True) as client:
        for _ in range(2):
            client.put_item(TableName="rows", Item=item)
            found = client.get_item(TableName="rows", Key=key("a", "1"), ConsistentRead=True)["Item"]
            found["m"]["M"]["inner"]["S"] = found["l"]["L"][0]["S"] = "changed"
            again = client.get_item(TableName="rows", Key=key("a", "1"), ConsistentRead=True)["Item"]
            assert ({"inner": {"S": "as sent"}}, [{"S": "as sent"}]) == (again["m"]["M"], again["l"]["L"])


def test_who_listens_to_calls_hears_of_the_short_ones_too() -> None:
    heard: list[tuple[str, int]] = []
    with served(tuned=True) as client:
        client.meta.events.register(
            "after-call", lambda model, http_response, **_: heard.append((model.name, http_response.status_code))
        )
        for _ in range(2):
            client.put_item(TableName="rows", Item=row("a", "1"))
        for _ in range(2):
            with pytest.raises(client.exceptions.ConditionalCheckFailedException):
                client.put_item(TableName="rows", Item=row("a", "1"), **ABSENT)
    assert [("PutItem", 200)] * 2 + [("PutItem", 400)] * 2 == heard


@contextmanager
def served(*, tuned: bool) -> Iterator[Any]:
    with mock.patch.dict("os.environ", ENVIRONMENT), moto_patches.tuned() if tuned else nullcontext(), mock_aws():
        client = boto3.Session().client("dynamodb", region_name=REGION)
        client.create_table(
            TableName="rows",
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": kind}
                for name, kind in (("pk", "S"), ("sk", "S"), ("shard", "S"), ("due", "N"))
            ],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "due",
                    "KeySchema": [
                        {"AttributeName": "shard", "KeyType": "HASH"},
                        {"AttributeName": "due", "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
        )
        yield client


def played(client: Any) -> Iterator[Any]:
    for operation, params in SCRIPT:
        table = {} if operation in ("batch_get_item", "transact_write_items") else {"TableName": "rows"}
        try:
            answer = getattr(client, operation)(**table, **params)
        except ClientError as error:
            answer = {"Code": type(error).__name__, **error.response["Error"], "Item": error.response.get("Item")}
        yield operation, {name: answer.get(name) for name in COMPARED}


def records(table: str) -> list[Any]:
    return [
        {name: entry["dynamodb"].get(name) for name in ("Keys", "OldImage", "NewImage")}
        for entry in MotoStream(table)()
    ]
