"""Each function may do what its row grants, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.topology import FUNCTIONS, TABLES
from functions.topology_rows import Every, Function, Grant, Stream
from tests.infra.synthesis import Template

WRITES = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
READS = {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:Scan"}
ACTIONS = {
    ("table", "read"): READS,
    ("table", "write"): WRITES,
    ("table", "read_write"): READS | WRITES,
    ("queue", "write"): {"sqs:SendMessage"},
    ("secret", "read"): {"secretsmanager:GetSecretValue"},
    ("bus", "write"): {"events:PutEvents"},
    ("email", "write"): {"ses:SendEmail", "ses:SendRawEmail"},
}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names(resource: Any) -> Iterator[str]:
    """Logical ids in an ARN, and its literal parts."""
    if isinstance(resource, str):
        yield resource
    for value in resource.values() if isinstance(resource, dict) else resource if isinstance(resource, list) else ():
        yield from _names(value)


def _allowed(template: Template, function: str, logical_id: str) -> set[str]:
    """Actions that the function's role allows on the resource itself."""
    return {
        action
        for statement in template.statements(function)
        if any(logical_id in _names(resource) for resource in _listed(statement["Resource"]))
        for action in _listed(statement["Action"])
    }


def _logical_id(template: Template, grant: Grant) -> str:
    kinds = {
        "table": ("DynamoDB::Table", f"tables{grant.name}"),
        "secret": ("SecretsManager::Secret", f"secrets{grant.name}"),
        "bus": ("Events::EventBus", grant.name),
        "email": ("SES::EmailIdentity", grant.name),
    }
    if grant.kind == "queue" and grant.name.endswith("-dead"):
        return template.one("SQS::Queue", f"queues{grant.name.replace('-', '')}")[0]
    if grant.kind == "queue":
        return next(
            id_
            for id_, body in template.all("SQS::Queue").items()
            if f"queues{grant.name}" in id_ and "RedrivePolicy" in body
        )
    return template.one(*kinds[grant.kind])[0]


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_a_function_may_do_what_its_row_grants(template: Template, row: Function) -> None:
    for grant in row.grants:
        allowed = _allowed(template, row.name, _logical_id(template, grant))
        assert ACTIONS[grant.kind, grant.access] <= allowed, grant


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_a_function_may_not_touch_a_table_beyond_its_row(template: Template, row: Function) -> None:
    for table in TABLES:
        granted = {grant.access for grant in row.grants if (grant.kind, grant.name) == ("table", table.name)}
        allowed = _allowed(template, row.name, template.one("DynamoDB::Table", f"tables{table.name}")[0])
        if not granted & {"write", "read_write"}:
            assert not WRITES & allowed, table.name
        if not granted & {"read", "read_write"}:
            assert not READS & allowed, table.name


def test_sending_needs_the_configuration_set_too(template: Template) -> None:
    (name,) = template.all("SES::ConfigurationSet")
    sends = [row.name for row in FUNCTIONS if any(grant.kind == "email" for grant in row.grants)]
    for function in sends:
        assert {"ses:SendEmail", "ses:SendRawEmail"} <= _allowed(template, function, name)


def test_no_policy_has_a_wildcard_but_the_acknowledged_ones(template: Template) -> None:
    streams = {row.name for row in FUNCTIONS if any(isinstance(trigger, Stream) for trigger in row.triggers)}
    indexed = {template.one("DynamoDB::Table", f"tables{table.name}")[0] for table in TABLES if table.indexes}
    for policy in template.all("IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            for action in _listed(statement["Action"]):
                assert "*" not in action.replace("Encrypt*", "").replace("GenerateDataKey*", ""), statement
            for resource in _listed(statement["Resource"]):
                if resource == "*":
                    assert "dynamodb:ListStreams" == statement["Action"], statement
                    assert any(name in policy["PolicyName"] for name in streams)
                elif wild := [part for part in _names(resource) if "*" in part]:
                    index = wild == ["/index/*"] and indexed & set(_names(resource))
                    version = wild == [":*"] and ["lambda:InvokeFunction"] == _listed(statement["Action"])
                    assert index or version, statement


def test_only_the_schedules_may_start_what_they_schedule(template: Template) -> None:
    scheduled = [row.name for row in FUNCTIONS if any(isinstance(trigger, Every) for trigger in row.triggers)]
    roles = [
        name
        for name, role in template.all("IAM::Role").items()
        if "scheduler.amazonaws.com" in str(role["AssumeRolePolicyDocument"])
    ]
    assert len(scheduled) == len(roles)


def test_the_api_may_call_a_function_for_its_own_routes_only(template: Template) -> None:
    for permission in template.all("Lambda::Permission").values():
        assert permission["Principal"] in ("apigateway.amazonaws.com", "events.amazonaws.com")
        assert permission["SourceArn"]
