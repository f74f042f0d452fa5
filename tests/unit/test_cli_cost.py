"""What a month costs in which nothing happens: each line by hand from the price list."""

import json
from typing import Any

import pytest

from cli import costs
from cli.commands import cost
from cli.errors import CliError

TICK = {"MemorySize": 512, "Environment": {"Variables": {"FUNCTION": "tick", "DUE_SHARDS": "4"}}}
RESOURCES: dict[str, Any] = {
    "a": {"Type": "AWS::CloudWatch::Alarm", "Properties": {}},
    "b": {"Type": "AWS::CloudWatch::Alarm", "Properties": {}},
    "c": {"Type": "AWS::SecretsManager::Secret", "Properties": {}},
    "queue": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"BatchSize": 10}},
    "stream": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {"StartingPosition": "LATEST"}},
    "table": {
        "Type": "AWS::DynamoDB::Table",
        "Properties": {"GlobalSecondaryIndexes": [{"IndexName": "due"}, {"IndexName": "newest"}]},
    },
    "tick": {"Type": "AWS::Lambda::Function", "Properties": TICK},
    "every": {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {"ScheduleExpression": "rate(1 minute)", "Target": {"Arn": {"Fn::GetAtt": ["tick", "Arn"]}}},
    },
    "topic": {"Type": "AWS::SNS::Topic"},
}
MONTH = 43_800


def test_a_month_without_events_costs_what_the_price_list_says():
    assert {line.what: [line.amount, line.dollars] for line in costs.idle(RESOURCES)} == {
        "alarms": pytest.approx([2, 0.20]),
        "secrets": pytest.approx([1, 0.40]),
        "dashboard": [0, 0],
        "requests by which Lambda looks into queues": pytest.approx([15 * MONTH, 15 * MONTH * 0.4e-6]),
        "rounds of tick": pytest.approx([MONTH, MONTH * (1.2e-6 + 0.5 * 0.5 * 0.0000133334)]),
        "read units by which it looks who is due": pytest.approx([2.8 * MONTH, 2.8 * MONTH * 0.1415e-6]),
    }


def test_a_round_a_day_is_thirty_a_month():
    nightly = {**RESOURCES["every"]["Properties"], "ScheduleExpression": "cron(0 3 * * ? *)"}
    lines = costs.idle({**RESOURCES, "every": {"Type": "AWS::Scheduler::Schedule", "Properties": nightly}})
    by_name = {line.what: line.amount for line in lines}
    assert 730 / 24 == by_name["rounds of tick"]
    assert "read units by which it looks who is due" not in by_name


def test_a_schedule_that_calls_an_alias_calls_its_function():
    alias = {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "tick"}, "Name": "live"}}
    rule = {"ScheduleExpression": "rate(1 minute)", "Target": {"Arn": {"Ref": "live"}}}
    by_alias = {**RESOURCES, "live": alias, "every": {"Type": "AWS::Scheduler::Schedule", "Properties": rule}}
    assert list(costs.idle(RESOURCES)) == list(costs.idle(by_alias))


def test_every_price_says_where_it_comes_from_and_of_when_it_is():
    for what, entry in costs.prices()["dollars"].items():
        assert {"price", "per", "source", "date"} == entry.keys(), what
        assert entry["source"].startswith("https://aws.amazon.com/")
        assert entry["price"] > 0


def test_the_command_prints_the_lines_and_their_sum(tmp_path, capsys):
    path = tmp_path / "template.json"
    path.write_text(json.dumps({"Resources": RESOURCES}))
    assert 0 == cost.run(cost.Arguments(template=path))
    printed = capsys.readouterr().out
    assert "$  0.20" in printed
    assert "all of it" in printed
    assert 0 == cost.run(cost.Arguments(template=path, json=True))
    told = json.loads(capsys.readouterr().out)
    assert told["dollars"] == round(sum(line["dollars"] for line in told["idle"]), 2)


@pytest.mark.parametrize("text", [None, "", "[]", '{"Parameters": {}}', "not json"])
def test_what_is_no_template_is_refused_with_what_would_be_right(tmp_path, text):
    path = tmp_path / "template.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(CliError, match=r"make synth|no CloudFormation template"):
        cost.run(cost.Arguments(template=path))
