"""The template says what the topology says, and nothing else."""

import json
from typing import Any

import pytest

from functions.settings import variable, variable_of, variables_of
from functions.topology import ENVIRONMENT, FUNCTIONS, QUEUES, SECRETS, STOREFRONTS, TABLES
from functions.topology_rows import Every, Function, Http, Queue, QueueMessages, Stream, Table
from infra import sources
from tests.infra.synthesis import ASYNCHRONOUS, DEAD, QUEUED, STREAMED, Template


def _named(row: Any) -> str:
    return str(getattr(row, "name", ""))


def _mapping(template: Template, function: str, *, streamed: bool) -> dict[str, Any]:
    target = template.alias(function)
    mappings = [each for each in template.all("Lambda::EventSourceMapping").values() if each["FunctionName"] == target]
    found = [each for each in mappings if ("StartingPosition" in each) is streamed]
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize("row", TABLES, ids=_named)
def test_every_table_is_keyed_as_the_topology_says(template: Template, row: Table) -> None:
    _, table = template.one("DynamoDB::Table", f"tables{row.name}")
    keys = [{"AttributeName": row.hash, "KeyType": "HASH"}]
    keys += [{"AttributeName": row.range, "KeyType": "RANGE"}] if row.range else []
    assert keys == table["KeySchema"]
    assert ({"StreamViewType": row.stream} if row.stream else None) == table.get("StreamSpecification")
    ttl = {"AttributeName": row.ttl, "Enabled": True} if row.ttl else None
    assert ttl == table.get("TimeToLiveSpecification")
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    for index, found in zip(row.indexes, table.get("GlobalSecondaryIndexes", []), strict=True):
        assert index.name == found["IndexName"]
        assert [index.hash, index.range] == [key["AttributeName"] for key in found["KeySchema"]]
        assert ("INCLUDE" if index.include else "KEYS_ONLY") == found["Projection"]["ProjectionType"]
        assert list(index.include) == found["Projection"].get("NonKeyAttributes", [])
        assert ("S", index.range_type) == (types[index.hash], types[index.range])


def test_there_are_no_other_tables_queues_secrets_and_functions(template: Template) -> None:
    assert len(TABLES) == len(template.all("DynamoDB::Table"))
    assert len(QUEUES) + len(DEAD) == len(template.all("SQS::Queue"))
    assert len(SECRETS) - len(STOREFRONTS) + 1 == len(template.all("SecretsManager::Secret"))
    assert len(FUNCTIONS) == len(template.all("Lambda::Function"))


@pytest.mark.parametrize("row", TABLES, ids=_named)
def test_every_table_is_restorable_encrypted_protected_and_paid_per_request(template: Template, row: Table) -> None:
    name, table = template.one("DynamoDB::Table", f"tables{row.name}")
    assert {"PointInTimeRecoveryEnabled": True} == table["PointInTimeRecoverySpecification"]
    assert {"SSEEnabled": True} == table["SSESpecification"]
    assert "PAY_PER_REQUEST" == table["BillingMode"]
    assert table["DeletionProtectionEnabled"] is True
    assert "Retain" == template.body["Resources"][name]["DeletionPolicy"]


@pytest.mark.parametrize("row", QUEUES, ids=_named)
def test_every_queue_is_encrypted_and_has_its_dead_letters(template: Template, row: Queue) -> None:
    dead, letters = template.one("SQS::Queue", f"queues{row.name}dead")
    queue = next(body for name, body in template.all("SQS::Queue").items() if _redrives(body, dead))
    assert row.visibility == queue["VisibilityTimeout"]
    assert row.attempts == queue["RedrivePolicy"]["maxReceiveCount"]
    assert queue["SqsManagedSseEnabled"] is True
    assert letters["SqsManagedSseEnabled"] is True
    assert 14 * 86400 == letters["MessageRetentionPeriod"]
    assert 1 == letters["ReceiveMessageWaitTimeSeconds"]


def _redrives(queue: dict[str, Any], dead: str) -> bool:
    return {"Fn::GetAtt": [dead, "Arn"]} == queue.get("RedrivePolicy", {}).get("deadLetterTargetArn")


def test_every_queue_refuses_plain_http(template: Template) -> None:
    guarded = [queue["Ref"] for policy in template.all("SQS::QueuePolicy").values() for queue in policy["Queues"]]
    assert sorted(template.all("SQS::Queue")) == sorted(guarded)
    assert '"aws:SecureTransport": "false"' in json.dumps(next(iter(template.all("SQS::QueuePolicy").values())))


@pytest.mark.parametrize("row", FUNCTIONS, ids=_named)
def test_every_function_is_as_its_row_says(template: Template, row: Function) -> None:
    _, function = template.function(row.name)
    assert (row.memory, row.timeout) == (function["MemorySize"], function["Timeout"])
    assert ("python3.13", ["arm64"]) == (function["Runtime"], function["Architectures"])
    assert "JSON" == function["LoggingConfig"]["LogFormat"]
    assert "functions.entry.handler" == function["Handler"]


@pytest.mark.parametrize("row", FUNCTIONS, ids=_named)
def test_a_function_is_told_where_its_grants_are_and_its_settings(template: Template, row: Function) -> None:
    _, function = template.function(row.name)
    told = function["Environment"]["Variables"]
    places = {name for grant in sources.narrowed(row, ("shopify",)).grants if (name := variable_of(grant))}
    assert places <= told.keys()
    assert row.name == told["FUNCTION"]
    assert told.items() >= ENVIRONMENT.items()
    assert told.keys() <= ENVIRONMENT.keys() | {"FUNCTION"} | places | set(variables_of(row))
    assert {"PUBLIC_URL", "CONFIGURATION_SET", "FROM_ADDRESS"} & set(variables_of(row)) <= told.keys()


@pytest.mark.parametrize("row", FUNCTIONS, ids=_named)
def test_every_function_keeps_its_log_for_a_month_in_a_group_of_its_own(template: Template, row: Function) -> None:
    _, function = template.function(row.name)
    group = template.all("Logs::LogGroup")[function["LoggingConfig"]["LogGroup"]["Ref"]]
    assert 30 == group["RetentionInDays"]
    assert len(FUNCTIONS) + 1 == len(template.all("Logs::LogGroup"))


@pytest.mark.parametrize(("row", "trigger"), STREAMED, ids=_named)
def test_a_stream_lets_through_what_the_row_says_and_loses_nothing(
    template: Template, row: Function, trigger: Stream
) -> None:
    mapping = _mapping(template, row.name, streamed=True)
    table, _ = template.one("DynamoDB::Table", f"tables{trigger.table}")
    dead, _ = template.one("SQS::Queue", f"{row.name}dead")
    assert {"Fn::GetAtt": [table, "StreamArn"]} == mapping["EventSourceArn"]
    pattern = json.loads(mapping["FilterCriteria"]["Filters"][0]["Pattern"])
    assert list(trigger.events) == pattern["eventName"]
    assert (trigger.part is not None) == ("dynamodb" in pattern)
    assert ["ReportBatchItemFailures"] == mapping["FunctionResponseTypes"]
    assert mapping["BisectBatchOnFunctionError"] is True
    # As often as it takes, for the day that DynamoDB keeps a record.
    assert (trigger.batch, -1) == (mapping["BatchSize"], mapping["MaximumRetryAttempts"])
    assert 24 * 3600 == mapping["MaximumRecordAgeInSeconds"]
    assert 10 == mapping["ParallelizationFactor"]
    assert 0 == mapping.get("MaximumBatchingWindowInSeconds", 0)
    assert "TRIM_HORIZON" == mapping["StartingPosition"]
    assert {"Fn::GetAtt": [dead, "Arn"]} == mapping["DestinationConfig"]["OnFailure"]["Destination"]


def test_events_wait_for_others_as_long_as_the_context_says_and_changes_of_profiles_do_not(
    template_of_large_account: Template,
) -> None:
    windows = {
        row.name: _mapping(template_of_large_account, row.name, streamed=True).get("MaximumBatchingWindowInSeconds", 0)
        for row, _ in STREAMED
    }
    assert {"fold": 5, "react": 0} == windows


def test_the_log_is_folded_from_inserts_alone_and_profiles_from_their_state(template: Template) -> None:
    patterns = {
        row.name: _mapping(template, row.name, streamed=True)["FilterCriteria"]["Filters"] for row, _ in STREAMED
    }
    assert [{"Pattern": '{"eventName":["INSERT"]}'}] == patterns["fold"]
    state = {"Keys": {"part": {"S": ["state"]}}, "NewImage": {"n": {"BOOL": [True]}}}
    (react,) = patterns["react"]
    assert {"eventName": ["INSERT", "MODIFY"], "dynamodb": state} == json.loads(react["Pattern"])


@pytest.mark.parametrize(("row", "trigger"), QUEUED, ids=_named)
def test_a_queue_is_read_with_partial_batch_failures(template: Template, row: Function, trigger: QueueMessages) -> None:
    mapping = _mapping(template, row.name, streamed=False)
    assert ["ReportBatchItemFailures"] == mapping["FunctionResponseTypes"]
    assert trigger.batch == mapping["BatchSize"]
    _, function = template.function(row.name)
    assert function["Environment"]["Variables"].get(variable("queue", trigger.queue), mapping["EventSourceArn"])


@pytest.mark.parametrize("row", [row for row, _ in QUEUED], ids=_named)
def test_a_function_that_goes_on_through_its_own_queue_is_not_taken_for_a_loop(
    template: Template, row: Function
) -> None:
    _, function = template.function(row.name)
    read = {trigger.queue for trigger in row.triggers if isinstance(trigger, QueueMessages)}
    own = read & {grant.name for grant in row.grants if grant.kind == "queue"}
    assert ("Allow" if own else None) == function.get("RecursiveLoop")


def test_a_message_of_the_tick_comes_back_only_after_six_of_its_invocations_and_the_tick_writes_no_profiles(
    template: Template,
) -> None:
    """Lambda may put off a message so long; one that came back meanwhile would be queued a second time."""
    queue, timeout = next(each for each in QUEUES if each.name == "ticks"), template.function("tick")[1]["Timeout"]
    assert 6 * timeout <= queue.visibility
    row = next(each for each in FUNCTIONS if each.name == "tick")
    written = {each.name for each in row.grants if each.kind == "table" and each.access != "read"}
    assert {"ticks", "formats"} == written
    assert {"wakes", "steps", "ticks"} == {each.name for each in row.grants if each.kind == "queue"}
    assert "Allow" == template.function("tick")[1]["RecursiveLoop"]


@pytest.mark.parametrize("row", ASYNCHRONOUS, ids=_named)
def test_what_an_asynchronous_function_fails_at_is_kept(template: Template, row: Function) -> None:
    name, _ = template.function(row.name)
    dead, _ = template.one("SQS::Queue", f"{row.name}dead")
    configured = template.all("Lambda::EventInvokeConfig").values()
    found = [each for each in configured if each["FunctionName"] == {"Ref": name}]
    assert [template.alias(row.name)] == [each["Qualifier"]["Fn::Select"][1]["Fn::Split"][1] for each in found]
    assert [{"OnFailure": {"Destination": {"Fn::GetAtt": [dead, "Arn"]}}}] == [
        each["DestinationConfig"] for each in found
    ]


def test_every_route_of_the_topology_leads_to_its_function(template: Template) -> None:
    routes = {body["RouteKey"]: body["Target"] for body in template.all("ApiGatewayV2::Route").values()}
    wanted = {
        f"{each.method} {each.path}": row.name for row in FUNCTIONS for each in row.triggers if isinstance(each, Http)
    }
    assert sorted(wanted) == sorted(routes)
    integrations = template.all("ApiGatewayV2::Integration")
    for key, name in wanted.items():
        target = integrations[routes[key]["Fn::Join"][1][1]["Ref"]]
        assert template.alias(name) == target["IntegrationUri"]
        assert "2.0" == target["PayloadFormatVersion"]


def test_the_log_of_the_api_holds_neither_paths_nor_addresses(template: Template) -> None:
    (stage,) = template.all("ApiGatewayV2::Stage").values()
    logged = set(json.loads(stage["AccessLogSettings"]["Format"]).values())
    assert not logged & {"$context.path", "$context.identity.sourceIp", "$context.identity.userAgent"}


def test_schedules_are_the_schedulers_and_not_rules(template: Template) -> None:
    rates = [each["ScheduleExpression"] for each in template.all("Scheduler::Schedule").values()]
    wanted = [trigger.minutes for row in FUNCTIONS for trigger in row.triggers if isinstance(trigger, Every)]
    assert [1, 24 * 60] == wanted
    assert ["rate(1 minute)", "cron(0 3 * * ? *)"] == rates
    assert all("ScheduleExpression" not in rule for rule in template.all("Events::Rule").values())


def test_secrets_are_generated_and_no_value_stands_in_the_template(template: Template) -> None:
    for secret in template.all("SecretsManager::Secret").values():
        assert "SecretString" not in secret
        assert 48 == secret["GenerateSecretString"]["PasswordLength"]
    assert "{{resolve:" not in json.dumps(template.body)


def test_the_outputs_say_where_everything_is(template: Template) -> None:
    outputs = template.body["Outputs"]
    said = {"ApiUrl", "ShopifyWebhookUrl", "DashboardUrl", "ApiToken", "WriteKeySecret", "SigningKeySecret"}
    assert said | {"ShopifySecret", "Mail", "DnsRecord1", "DnsRecord2", "DnsRecord3"} <= outputs.keys()


def test_only_storefronts_that_are_on_have_a_secret_and_an_output(
    template: Template, template_of_large_account: Template
) -> None:
    assert [{"shopify"}, {"stripe", "woocommerce"}] == [
        {
            name
            for name in STOREFRONTS
            if any(f"secrets{name}" in each for each in made.all("SecretsManager::Secret"))
            and {f"{name.title()}WebhookUrl", f"{name.title()}Secret"} <= made.body["Outputs"].keys()
        }
        for made in (template, template_of_large_account)
    ]
    for made, off in ((template, ("Woocommerce", "Stripe")), (template_of_large_account, ("Shopify",))):
        assert not [name for name in made.body["Outputs"] if name.startswith(off)]
        assert not [name for name in made.all("SecretsManager::Secret") if name.endswith(off)]
