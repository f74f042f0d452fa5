"""`segue release`: whether this release can work with what is stored, said before it is deployed."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from cli.__main__ import main
from cli.stored_formats import Deployed, findings
from functions.adapters.dynamodb.rows import formats
from functions.core.base.formats import READ, WRITTEN
from local.aws.resources import create

TEMPLATE = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}


@pytest.fixture
def cloudformation(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        create(boto3.client)
        yield boto3.client("cloudformation")


def deploy(cloudformation: Any, stored: int | None, **outputs: str) -> None:
    """A stack with these outputs, and its row of formats."""
    template = TEMPLATE | {"Outputs": {name: {"Value": value} for name, value in outputs.items()}}
    cloudformation.create_stack(StackName="Segue", TemplateBody=json.dumps(template))
    if stored is not None:
        boto3.client("dynamodb").put_item(TableName="segue-formats", Item=formats.to_item(stored))


def asked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code = main(["release", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


def outputs(reads: int) -> dict[str, str]:
    return {"FormatsTable": "segue-formats", "FormatsRead": str(reads)}


@pytest.mark.parametrize("stored", [None, WRITTEN, READ])
def test_a_release_that_reads_what_is_stored_is_told_so(cloudformation: Any, capsys: Any, stored: int | None) -> None:
    deploy(cloudformation, stored, **outputs(READ))
    code, answer = asked(capsys)
    assert (0, True, []) == (code, answer["works"], answer["findings"])
    assert {"stored": stored or 0, "reads": READ} == answer["deployed"]


def test_a_release_that_cannot_read_what_is_stored_is_refused_in_words(cloudformation: Any, capsys: Any) -> None:
    deploy(cloudformation, READ + 1, **outputs(READ + 1))
    assert 1 == main(["release"])
    told = capsys.readouterr().out
    assert f"fault: what is stored: format {READ + 1} is stored, and this release reads up to {READ}" in told
    assert "deploy a newer release" in told


def test_a_release_that_leaves_no_way_back_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.stored_formats.WRITTEN", WRITTEN + 2)
    monkeypatch.setattr("cli.stored_formats.READ", WRITTEN + 2)
    (found,) = findings(Deployed(WRITTEN, WRITTEN + 1))
    assert ("fault", "the deployed release") == (found.level, found.about)
    assert [] == list(findings(Deployed(WRITTEN, WRITTEN + 2)))


def test_a_release_that_does_not_say_what_it_reads_is_of_the_first_format(cloudformation: Any, capsys: Any) -> None:
    deploy(cloudformation, None)
    code, answer = asked(capsys)
    assert (0, {"stored": 1, "reads": 1}) == (code, answer["deployed"])


def test_where_nothing_is_deployed_nothing_is_stored(cloudformation: Any, capsys: Any) -> None:
    assert (0, {"works": True, "deployed": None, "findings": []}) == asked(capsys)
    assert 0 == main(["release", "--stack", "Other"])
    assert "There is no stack Other in this region" in capsys.readouterr().out


def test_a_table_that_cannot_be_read_is_named(cloudformation: Any, capsys: Any) -> None:
    deploy(cloudformation, None, FormatsTable="gone", FormatsRead="1")
    assert 2 == main(["release"])
    assert "gone cannot be read: ResourceNotFoundException" in capsys.readouterr().err
