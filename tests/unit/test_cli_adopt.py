"""`segue adopt`: a restored table is checked before it is used, and what a restore leaves off is turned on."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cli.__main__ import main
from functions.topology import TABLES
from infra import adopted
from local.aws.resources import create

REGION = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
NAMES = [table.name for table in TABLES]


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The tables of a stack, with point-in-time recovery."""
    for name, value in REGION.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        create(boto3.client)
        client = boto3.client("dynamodb")
        for name in NAMES:
            recover(client, f"segue-{name}")
        yield client


def recover(client: Any, name: str) -> None:
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def restored(client: Any, source: str) -> str:
    """The name of a copy, as AWS makes it: billed as its source, which moto passes over."""
    name = f"{source}-restored"
    client.restore_table_to_point_in_time(SourceTableName=source, TargetTableName=name, UseLatestRestorableTime=True)
    client.update_table(TableName=name, BillingMode="PAY_PER_REQUEST")
    return name


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(["adopt", *arguments, "--json"])
    told = capsys.readouterr()
    return code, json.loads(told.out or told.err)


def faults(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    code, answer = asked(capsys, *arguments)
    assert code == 1
    return [each["message"] for each in answer["faults"]]


def described(client: Any, name: str) -> Any:
    return client.describe_table(TableName=name)["Table"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_a_restored_table_is_made_ready_and_named_as_the_stack_takes_it(dynamodb, capsys, table) -> None:
    name = restored(dynamodb, f"segue-{table.name}")
    code, before = asked(capsys, f"{table.name}={name}")
    wanted = ["stream"] * bool(table.stream) + ["ttl"] * bool(table.ttl)
    assert (1, "") == (code, before["context"])
    assert [*wanted, "point-in-time recovery", "deletion protection"] == before["tables"][0]["lacking"]
    code, after = asked(capsys, f"{table.name}={name}", "--prepare")
    assert (0, []) == (code, after["tables"][0]["lacking"])
    assert [] == adopted.faults(after["context"])
    found = adopted.read(after["context"])[table.name]
    stored = described(dynamodb, name)
    assert (name, stored.get("LatestStreamLabel", "")) == (found.name, found.label)
    assert table.stream == stored.get("StreamSpecification", {}).get("StreamViewType")
    assert stored["DeletionProtectionEnabled"]
    expiry = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert table.ttl == expiry.get("AttributeName")
    # A second time there is nothing to do.
    assert (0, after) == asked(capsys, f"{table.name}={name}", "--prepare")


def test_what_is_printed_is_the_command_that_follows(dynamodb, capsys) -> None:
    log, definitions = (restored(dynamodb, f"segue-{name}") for name in ("log", "definitions"))
    assert 1 == main(["adopt", f"log={log}", f"definitions={definitions}"])
    said = capsys.readouterr().out
    assert f"log: {log} lacks stream, ttl, point-in-time recovery, deletion protection" in said
    assert "--prepare" in said
    assert 0 == main(["adopt", f"log={log}", f"definitions={definitions}", "--prepare"])
    label = described(dynamodb, log)["LatestStreamLabel"]
    assert f"npx cdk deploy -c tables=log={log}@{label},definitions={definitions} …" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("place", "source", "fault"),
    [
        ("profiles", "log", "its key is pk (S), sk (S), and should be pk (S), part (S)"),
        ("names", "definitions", "its key is pk (S), version (S), and should be pk (S)"),
        ("runs", "log", "it has no index due: restore it with all indexes"),
        ("runs", "messages", "it has no index due: restore it with all indexes"),
        ("quarantine", "messages", "its index newest does not hold what it should: reason, bytes"),
    ],
)
def test_a_copy_of_another_shape_is_refused_in_words_and_nothing_is_changed(
    dynamodb, capsys, place: str, source: str, fault: str
) -> None:
    wrong, right = restored(dynamodb, f"segue-{source}"), restored(dynamodb, "segue-counters")
    before = described(dynamodb, right)
    found = faults(capsys, f"{place}={wrong}", f"counters={right}", "--prepare")
    assert f"{wrong} cannot be {place}: {fault}" in found
    assert before == described(dynamodb, right)
    assert not described(dynamodb, wrong).get("StreamSpecification")


def test_a_copy_of_another_table_of_the_same_shape_is_known_by_where_it_came_from(dynamodb, capsys) -> None:
    keys = {"KeySchema": described(dynamodb, "segue-log")["KeySchema"]}
    keys["AttributeDefinitions"] = described(dynamodb, "segue-log")["AttributeDefinitions"]
    source = "Segue-resourcestablesbackfills015F7BD3-1ABCDEFGHIJKL"
    dynamodb.create_table(TableName=source, BillingMode="PAY_PER_REQUEST", **keys)
    recover(dynamodb, source)
    wrong = restored(dynamodb, source)
    assert [f"{wrong} cannot be log: it is a copy of the table backfills"] == faults(capsys, f"log={wrong}")
    assert asked(capsys, f"backfills={wrong}")[1]["tables"]


def test_a_table_of_a_stack_is_no_restored_copy(dynamodb, capsys) -> None:
    arn = described(dynamodb, "segue-log")["TableArn"]
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "aws:cloudformation:stack-name", "Value": "Segue"}])
    assert ["segue-log cannot be log: it belongs to the stack Segue, and is no restored copy"] == faults(
        capsys, "log=segue-log"
    )


def test_a_stream_and_an_expiry_that_are_others_are_told_of(dynamodb, capsys) -> None:
    name = restored(dynamodb, "segue-log")
    dynamodb.update_table(TableName=name, StreamSpecification={"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"})
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"})
    assert [
        f"{name} cannot be log: its stream shows KEYS_ONLY, and should show NEW_IMAGE: turn it off",
        f"{name} cannot be log: its rows expire by expires, and should by ttl: turn TTL off",
    ] == faults(capsys, f"log={name}")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "missing argument"),
        (["log"], "'log' is no table and the name of its copy"),
        (["logs=x-restored"], "'logs=x-restored' is no table"),
        (["log=a-restored", "log=b-restored"], "a table has one copy, and a copy is of one table"),
        (["log=a-restored", "runs=a-restored"], "a table has one copy, and a copy is of one table"),
        (["log=nowhere"], "DynamoDB: "),
        (["log=a-restored", "--max-write-units", "0"], "0: a bound is 1 unit a second or more, or -1 for none"),
        (["log=a-restored", "--max-read-units=-2", "--max-write-units=-1"], "-2: a bound is 1 unit a second"),
    ],
)
def test_what_is_asked_for_wrongly_is_said(dynamodb, capsys, arguments: list[str], said: str) -> None:
    assert 2 == main(["adopt", *arguments])
    assert said in capsys.readouterr().err


def test_a_table_of_formats_that_this_release_cannot_read_is_refused_and_nothing_is_changed(dynamodb, capsys) -> None:
    name = restored(dynamodb, "segue-formats")
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "stored"}, "n": {"N": "2"}})
    before = described(dynamodb, name)
    (fault,) = faults(capsys, f"formats={name}", "--prepare")
    assert fault == f"{name} says that format 2 is stored, and this release reads up to 1"
    assert before == described(dynamodb, name)
