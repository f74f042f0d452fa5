"""`segue adopt` bounds what restored tables take. moto knows no such bounds: the answers are as AWS gives them."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cli import aws
from cli.__main__ import main
from cli.table_bounds import Bounds
from functions.topology import TABLES
from functions.topology_rows import Table

NAME = "runs-restored"
ARN = f"arn:aws:dynamodb:eu-west-1:123456789012:table/{NAME}"
(RUNS,) = (row for row in TABLES if row.name == "runs")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    """The calls that are expected, in their order, each with its answer."""
    client = boto3.client("dynamodb", "eu-west-1", aws_access_key_id="none", aws_secret_access_key="none")
    monkeypatch.setattr(aws, "client", lambda _service: client)
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def described(table: dict[str, int] | None = None, index: dict[str, int] | None = None, **more: Any) -> dict[str, Any]:
    """A table of runs as DescribeTable tells of it, with these bounds."""
    keys = [("pk", "S"), ("sk", "S"), ("shard", "S"), ("due", "N")]
    schema = [{"AttributeName": each, "KeyType": kind} for each, kind in (("shard", "HASH"), ("due", "RANGE"))]
    due = {"IndexName": "due", "KeySchema": schema, "Projection": {"ProjectionType": "KEYS_ONLY"}}
    return {
        "TableName": NAME,
        "TableArn": ARN,
        "TableStatus": "ACTIVE",
        "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in keys],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        "GlobalSecondaryIndexes": [due | ({"OnDemandThroughput": index} if index else {})],
        "DeletionProtectionEnabled": True,
        **({"OnDemandThroughput": table} if table else {}),
        **more,
    }


def expect_look(calls: Stubber, found: dict[str, Any]) -> None:
    recovery = {"PointInTimeRecoveryStatus": "ENABLED"}
    backups = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
    table = {"TableName": NAME}
    calls.add_response("describe_table", {"Table": found}, table)
    calls.add_response("describe_time_to_live", {"TimeToLiveDescription": {"TimeToLiveStatus": "DISABLED"}}, table)
    calls.add_response("describe_continuous_backups", {"ContinuousBackupsDescription": backups}, table)
    calls.add_response("list_tags_of_resource", {"Tags": []}, {"ResourceArn": ARN})


def expect_update(calls: Stubber, **change: Any) -> None:
    """A change, and the look whether the table is ready for the next."""
    calls.add_response("update_table", {}, {"TableName": NAME, **change})
    calls.add_response("describe_table", {"Table": described()}, {"TableName": NAME})


def of_index(**bounds: int) -> list[dict[str, Any]]:
    return [{"Update": {"IndexName": "due", "OnDemandThroughput": bounds}}]


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(["adopt", f"runs={NAME}", *arguments, "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out or told.err)


def test_the_table_and_each_index_are_bounded_one_after_the_other(calls: Stubber, capsys) -> None:
    bounds = {"MaxReadRequestUnits": 900, "MaxWriteRequestUnits": 400}
    expect_look(calls, described())
    expect_update(calls, OnDemandThroughput=bounds)
    expect_update(calls, GlobalSecondaryIndexUpdates=of_index(**bounds))
    expect_look(calls, described(bounds, bounds))
    code, answer = asked(capsys, "--prepare", "--max-read-units", "900", "--max-write-units", "400")
    assert (0, f"runs={NAME}", []) == (code, answer["context"], answer["tables"][0]["lacking"])


def test_without_prepare_a_bound_that_differs_is_told_and_nothing_is_changed(calls: Stubber, capsys) -> None:
    expect_look(calls, described({"MaxWriteRequestUnits": 400}))
    code, answer = asked(capsys, "--max-write-units", "400")
    assert (1, "", ["bounds"]) == (code, answer["context"], answer["tables"][0]["lacking"])


def test_a_bound_is_taken_away(calls: Stubber, capsys) -> None:
    expect_look(calls, described({"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": 400}))
    expect_update(calls, OnDemandThroughput={"MaxWriteRequestUnits": -1})
    expect_look(calls, described({"MaxReadRequestUnits": 5, "MaxWriteRequestUnits": -1}))
    assert 0 == asked(capsys, "--prepare", "--max-write-units", "-1")[0]


def test_without_a_bound_whatever_is_there_stays(calls: Stubber, capsys) -> None:
    bounded = described({"MaxReadRequestUnits": 5}, {"MaxWriteRequestUnits": 6})
    expect_look(calls, bounded)
    expect_look(calls, bounded)
    assert 0 == asked(capsys, "--prepare")[0]


@pytest.mark.parametrize("billed", [{}, {"BillingModeSummary": {"BillingMode": "PROVISIONED"}}])
def test_a_table_that_is_not_billed_on_demand_is_refused_and_nothing_is_changed(
    calls: Stubber, capsys, billed: dict[str, Any]
) -> None:
    found = described()
    del found["BillingModeSummary"]
    expect_look(calls, found | billed)
    code, answer = asked(capsys, "--prepare", "--max-write-units", "400")
    said = f"{NAME} cannot be runs: it is billed as PROVISIONED, and should be as PAY_PER_REQUEST: change that first"
    assert (1, [said]) == (code, [each["message"] for each in answer["faults"]])


@pytest.mark.parametrize("row", TABLES, ids=lambda row: row.name)
def test_as_many_requests_are_made_as_there_are_table_and_indexes(row: Table) -> None:
    found = {"GlobalSecondaryIndexes": [{"IndexName": index.name} for index in row.indexes]}
    assert 1 + len(row.indexes) == len(list(Bounds(None, 7).changes(row, found)))
    assert [] == list(Bounds(-1, None).changes(row, found))
