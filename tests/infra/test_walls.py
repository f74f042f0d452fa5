"""A flood at one door leaves the others theirs: paces of routes, invocations at once, bounds on what tables take.

Run as a script, this file writes the table of invocations at once in docs/deploying.md.
"""

from pathlib import Path
from typing import Any

import pytest

from functions.topology import FUNCTIONS, QUEUES, TABLES
from functions.topology_rows import Function, Http, QueueMessages, Stream
from infra import concurrency
from tests.infra.synthesis import QUEUED, Template

# What API Gateway takes of an account in a second:
# https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
ACCOUNT_REQUESTS = 10_000

PAGE = Path(__file__).parents[2] / "docs/deploying.md"
BEGIN, END = "<!-- concurrency: written from functions/topology.py -->", "<!-- end of concurrency -->"


def _paces(template: Template) -> dict[str, Any]:
    (stage,) = template.all("ApiGatewayV2::Stage").values()
    paces: dict[str, Any] = stage["RouteSettings"]
    return paces


def test_each_route_has_a_pace_of_its_own(template: Template) -> None:
    routes = {
        f"{each.method} {each.path}": each.pace for row in FUNCTIONS for each in row.triggers if isinstance(each, Http)
    }
    wanted = {
        route: {"ThrottlingRateLimit": 500 * pace // 100, "ThrottlingBurstLimit": 1000 * pace // 100}
        for route, pace in routes.items()
    }
    assert wanted == _paces(template)


def test_a_flood_at_every_open_door_leaves_the_account_room_for_webhooks_and_links(template: Template) -> None:
    paces = {route: each["ThrottlingRateLimit"] for route, each in _paces(template).items()}
    flooded = sum(pace for route, pace in paces.items() if "/v1/" in route)
    assert flooded < ACCOUNT_REQUESTS - sum(pace for route, pace in paces.items() if "/v1/" not in route)


def test_a_stage_waits_for_the_routes_that_it_paces(template: Template) -> None:
    (stage,) = (each for each in template.body["Resources"].values() if each["Type"] == "AWS::ApiGatewayV2::Stage")
    assert set(template.all("ApiGatewayV2::Route")) <= set(stage["DependsOn"])


@pytest.mark.parametrize(("row", "trigger"), QUEUED, ids=lambda each: getattr(each, "name", ""))
def test_a_message_is_hidden_for_six_times_as_long_as_its_function_may_take(
    row: Function, trigger: QueueMessages
) -> None:
    """As AWS advises: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
    (queue,) = (queue for queue in QUEUES if queue.name == trigger.queue)
    assert queue.visibility >= 6 * row.timeout


def test_nothing_is_set_aside_in_an_account_whose_size_is_not_known(template: Template) -> None:
    assert all("ReservedConcurrentExecutions" not in each for each in template.all("Lambda::Function").values())
    for row, trigger in QUEUED:
        (mapping,) = _mappings_of_queues(template, row)
        assert min(max(2, row.share), trigger.side_by_side or 1000) == mapping["ScalingConfig"]["MaximumConcurrency"]


def _mappings_of_queues(template: Template, row: Function) -> list[dict[str, Any]]:
    name, _ = template.function(row.name)
    mappings = template.all("Lambda::EventSourceMapping").values()
    mine = [each for each in mappings if name in str(each["FunctionName"]) or row.name in str(each["FunctionName"])]
    return [each for each in mine if "StartingPosition" not in each]


def test_in_a_large_account_each_function_has_its_share_and_no_queue_asks_for_more(
    template_of_large_account: Template,
) -> None:
    for row in FUNCTIONS:
        _, function = template_of_large_account.function(row.name)
        assert concurrency.reserved(row, 1000) == function["ReservedConcurrentExecutions"]
        for mapping in _mappings_of_queues(template_of_large_account, row):
            assert mapping["ScalingConfig"]["MaximumConcurrency"] <= function["ReservedConcurrentExecutions"]


@pytest.mark.parametrize("account", [concurrency.LEAST, 250, 999, 1000, 3000, 50_000])
def test_what_is_set_aside_leaves_what_lambda_wants_left(account: int) -> None:
    shares = [concurrency.reserved(row, account) or 0 for row in FUNCTIONS]
    assert min(shares) >= 2
    assert sum(shares) <= account - 100
    assert not concurrency.warning(account)


@pytest.mark.parametrize("account", [10, 50, 100, concurrency.LEAST - 1])
def test_a_small_account_has_nothing_set_aside_and_is_told_so(account: int) -> None:
    assert {None} == {concurrency.reserved(row, account) for row in FUNCTIONS}
    assert min(concurrency.most(row, account) for row in FUNCTIONS) == 2
    assert f"concurrency={account}" in concurrency.warning(account)
    assert "Service Quotas" in concurrency.warning(account)


def test_tables_and_indexes_take_no_more_than_the_context_says(
    template: Template, template_of_large_account: Template
) -> None:
    assert all("OnDemandThroughput" not in table for table in template.all("DynamoDB::Table").values())
    tables = template_of_large_account.all("DynamoDB::Table").values()
    assert len(TABLES) == len(tables)
    for table in tables:
        for each in (table, *table.get("GlobalSecondaryIndexes", [])):
            assert {"MaxWriteRequestUnits": 4000} == each["OnDemandThroughput"]


def written() -> str:
    """The page with the table as the topology has it."""
    before, rest = PAGE.read_text().split(BEGIN)
    accounts = (10, 200, 1_000, 3_000)
    lines = [["function", *(f"{account:,}" for account in accounts)], ["---"] * 5]
    for row in sorted(FUNCTIONS, key=lambda row: -row.share):
        aside = [concurrency.reserved(row, account) for account in accounts]
        is_bounded = any(isinstance(trigger, QueueMessages) for trigger in row.triggers)
        most = [f"at most {concurrency.most(row, account)}" if is_bounded else "" for account in accounts]
        lines.append([f"`{row.name}`", *(f"{n:,}" if n else bound for n, bound in zip(aside, most, strict=True))])
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{rest.split(END)[1]}"


def test_the_page_has_the_table_of_accounts() -> None:
    assert PAGE.read_text() == written(), "PYTHONPATH=. python tests/infra/test_walls.py writes it"


if __name__ == "__main__":
    PAGE.write_text(written())


@pytest.mark.parametrize(
    ("account", "lanes"), [(0, (10, 10)), (1000, (10, 10)), (200, (5, 2)), (100, (5, 2)), (10, (1, 1))]
)
def test_the_batches_of_a_new_tables_shards_find_room_in_the_share_of_their_function(
    account: int, lanes: tuple[int, int]
) -> None:
    found = [
        concurrency.of_a_shard(trigger, concurrency.most(row, account))
        for row in FUNCTIONS
        for trigger in row.triggers
        if isinstance(trigger, Stream)
    ]
    assert list(lanes) == found
