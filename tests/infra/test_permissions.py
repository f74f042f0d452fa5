"""Each function may do what its row grants, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest

from functions.settings import variable
from functions.topology import FUNCTIONS, STOREFRONTS, TABLES
from functions.topology_rows import Every, Function, Grant, Stream
from infra import sources
from tests.infra.synthesis import CONTEXT, Template

WRITES = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
READS = {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:BatchGetItem", "dynamodb:Scan"}
ACTIONS = {
    ("table", "read"): READS,
    ("table", "append"): {"dynamodb:PutItem"},
    ("table", "write"): WRITES,
    ("table", "read_write"): READS | WRITES,
    ("queue", "write"): {"sqs:SendMessage"},
    ("queue", "read"): {"sqs:ReceiveMessage", "sqs:DeleteMessage"},
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
        "email": ("SES::ConfigurationSet", ""),
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
    for grant in sources.narrowed(row, ("shopify",)).grants:
        allowed = _allowed(template, row.name, _logical_id(template, grant))
        assert ACTIONS[grant.kind, grant.access] <= allowed, grant


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
def test_a_function_may_not_touch_a_table_beyond_its_row(template: Template, row: Function) -> None:
    for table in TABLES:
        granted = {grant.access for grant in row.grants if (grant.kind, grant.name) == ("table", table.name)}
        allowed = _allowed(template, row.name, template.one("DynamoDB::Table", f"tables{table.name}")[0])
        if not granted & {"write", "read_write"}:
            assert WRITES & allowed <= (ACTIONS["table", "append"] if "append" in granted else set()), table.name
        if not granted & {"read", "read_write"}:
            assert not READS & allowed, table.name


@pytest.mark.parametrize("row", FUNCTIONS, ids=lambda row: row.name)
@pytest.mark.parametrize("on", [("shopify",), ("woocommerce", "stripe")], ids=",".join)
def test_a_function_reads_the_secrets_of_its_row_whose_storefront_is_on_and_no_others(
    template: Template, template_of_large_account: Template, on: tuple[str, ...], row: Function
) -> None:
    made = template if on == ("shopify",) else template_of_large_account
    granted = {grant.name for grant in row.grants if grant.kind == "secret"} - (set(STOREFRONTS) - set(on))
    secrets = {name: made.one("SecretsManager::Secret", f"secrets{name}")[0] for name in granted}
    reading = [each for each in made.statements(row.name) if "secretsmanager:GetSecretValue" in _listed(each["Action"])]
    resources = [resource for each in reading for resource in _listed(each["Resource"])]
    assert set(secrets.values()) == {_name(resource) for resource in resources}
    told = made.function(row.name)[1]["Environment"]["Variables"]
    assert {variable("secret", name) for name in secrets} == {name for name in told if name.startswith("SECRET_")}


def test_messages_are_sent_from_the_shops_address_to_whomever_it_is(template: Template) -> None:
    """In the sandbox SES asks for the permission on the recipient's identity too."""
    (name,) = template.all("SES::ConfigurationSet")
    for row in FUNCTIONS:
        sending = [each for each in template.statements(row.name) if "ses:SendEmail" in _listed(each["Action"])]
        assert len(sending) == any(grant.kind == "email" for grant in row.grants)
        for statement in sending:
            assert ["ses:SendEmail", "ses:SendRawEmail"] == statement["Action"]
            assert {"StringEquals": {"ses:FromAddress": CONTEXT["from_address"]}} == statement["Condition"]
            named = {part for part in _names(statement["Resource"]) if "*" in part or part == name}
            assert {":identity/*", name} == named


def test_only_what_sends_may_ask_ses_what_the_account_may_send(template: Template) -> None:
    for row in FUNCTIONS:
        asking = [each for each in template.statements(row.name) if "ses:GetAccount" in _listed(each["Action"])]
        expected = {"Action": "ses:GetAccount", "Effect": "Allow", "Resource": "*"}
        assert [expected] * any(grant.kind == "email" for grant in row.grants) == asking


def test_no_policy_has_a_wildcard_but_the_acknowledged_ones(template: Template) -> None:
    streams = {row.name for row in FUNCTIONS if any(isinstance(trigger, Stream) for trigger in row.triggers)}
    indexed = {template.one("DynamoDB::Table", f"tables{table.name}")[0] for table in TABLES if table.indexes}
    for policy in template.all("IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            for action in _listed(statement["Action"]):
                assert "*" not in action.replace("Encrypt*", "").replace("GenerateDataKey*", ""), statement
            for resource in _listed(statement["Resource"]):
                if resource == "*":
                    # These know no resources.
                    allowed = {"dynamodb:ListStreams": streams, "ses:GetAccount": {"send"}}[statement["Action"]]
                    assert any(name in policy["PolicyName"] for name in allowed)
                elif wild := [part for part in _names(resource) if "*" in part]:
                    index = wild == ["/index/*"] and indexed & set(_names(resource))
                    recipient = wild == [":identity/*"] and "Condition" in statement
                    assert index or recipient, statement


def test_only_the_schedules_may_start_what_they_schedule(template: Template) -> None:
    scheduled = [row.name for row in FUNCTIONS if any(isinstance(trigger, Every) for trigger in row.triggers)]
    roles = [
        name
        for name, role in template.all("IAM::Role").items()
        if "scheduler.amazonaws.com" in str(role["AssumeRolePolicyDocument"])
    ]
    assert len(scheduled) == len(roles)


def test_whatever_a_service_puts_somewhere_by_itself_is_allowed_there(template: Template) -> None:
    """A policy with a Deny alone allows a service nothing, so alarms, rules and topics would be silent."""
    told = {("cloudwatch.amazonaws.com", _name(action)) for action in _alarm_actions(template)}
    told |= {("ses.amazonaws.com", _name(topic)) for topic in _topics_of_ses(template)}
    for each in _subscribed_queues(template):
        queues = (each["Endpoint"], each["RedrivePolicy"]["deadLetterTargetArn"])
        told |= {("sns.amazonaws.com", _name(queue)) for queue in queues}
    assert {"cloudwatch.amazonaws.com", "ses.amazonaws.com", "sns.amazonaws.com"} == {service for service, _ in told}
    assert told == set(_let_in(template))


def _alarm_actions(template: Template) -> Iterator[Any]:
    for alarm in template.all("CloudWatch::Alarm").values():
        yield from alarm["AlarmActions"]


def _topics_of_ses(template: Template) -> Iterator[Any]:
    for each in template.all("SES::ConfigurationSetEventDestination").values():
        if destination := each["EventDestination"].get("SnsDestination"):
            yield destination["TopicARN"]


def _subscribed_queues(template: Template) -> Iterator[Any]:
    yield from (each for each in template.all("SNS::Subscription").values() if each["Protocol"] == "sqs")


def _let_in(template: Template) -> Iterator[tuple[str, str]]:
    """Services that resource policies let in, and the resources; each only on behalf of something named."""
    policies = [*template.all("SNS::TopicPolicy").values(), *template.all("SQS::QueuePolicy").values()]
    for policy in policies:
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow":
                named = {key.lower() for each in statement["Condition"].values() for key in each}
                assert "aws:sourcearn" in named, statement
                for resource in policy.get("Topics") or policy["Queues"]:
                    yield statement["Principal"]["Service"], _name(resource)


def _name(place: Any) -> str:
    return str(place.get("Ref") or place["Fn::GetAtt"][0])


def test_nothing_that_services_write_to_is_encrypted_with_a_key_that_they_may_not_use(template: Template) -> None:
    assert not template.all("KMS::Key")
    assert all("KmsMasterKeyId" not in topic for topic in template.all("SNS::Topic").values())
    assert all("KmsMasterKeyId" not in queue for queue in template.all("SQS::Queue").values())


def test_whoever_keeps_what_failed_may_write_to_where_it_is_kept(template: Template) -> None:
    for schedule in template.all("Scheduler::Schedule").values():
        role, dead = _name(schedule["Target"]["RoleArn"]), _name(schedule["Target"]["DeadLetterConfig"]["Arn"])
        assert "sqs:SendMessage" in _actions_on(_statements_of(template, role), dead)
    kept = list(template.all("Lambda::EventInvokeConfig").values())
    kept += [each for each in template.all("Lambda::EventSourceMapping").values() if "DestinationConfig" in each]
    assert kept
    for each in kept:
        function = template.called(_name(each["FunctionName"]))
        dead = _name(each["DestinationConfig"]["OnFailure"]["Destination"])
        assert "sqs:SendMessage" in _actions_on(_statements_of(template, _name(function["Role"])), dead)


def _statements_of(template: Template, role: str) -> list[dict[str, Any]]:
    policies = [body for body in template.all("IAM::Policy").values() if {"Ref": role} in body["Roles"]]
    return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]


def _actions_on(statements: list[dict[str, Any]], logical_id: str) -> set[str]:
    found = (each for each in statements if any(logical_id in _names(one) for one in _listed(each["Resource"])))
    return {action for each in found for action in _listed(each["Action"])}


def test_the_api_may_call_a_function_for_its_own_routes_only(template: Template) -> None:
    for permission in template.all("Lambda::Permission").values():
        assert permission["Principal"] in ("apigateway.amazonaws.com", "events.amazonaws.com")
        assert permission["SourceArn"]
