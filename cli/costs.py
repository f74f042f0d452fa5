"""What an installation costs in a month in which nothing happens, from its CloudFormation template.

Tables paid per request, functions, topics, routes and queues cost nothing while nobody uses them. What is left: what is
paid by the month, the function that looks every minute who is due, and Lambda, which asks each queue for messages.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

MINUTES = 730 * 60
# Lambda keeps five requests open at each queue, each of which waits for 20 seconds:
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
_POLLS_A_MINUTE = 5 * 3
# A round that finds nobody due: its time, and its queries of index partitions, two in seven of which are sweeps
# (docs/timers.md).
_SECONDS_OF_A_ROUND = 0.5
_UNITS_OF_A_LOOK = 0.5 * 7 / 5
# What is paid for by the month, by the type of its resource.
_MONTHLY = {
    "AWS::CloudWatch::Alarm": ("alarms", "CloudWatch alarm and month"),
    "AWS::SecretsManager::Secret": ("secrets", "Secrets Manager secret and month"),
    "AWS::CloudWatch::Dashboard": ("dashboard", "CloudWatch dashboard and month"),
}

Resources = Mapping[str, Mapping[str, Any]]


class Line(NamedTuple):
    """What is paid for: what it is, how much of it a month has, and dollars."""

    what: str
    amount: float
    dollars: float


@cache
def prices() -> Mapping[str, Any]:
    """The price list of ``prices.json``: ``dollars`` by what is paid for, each with its source and date."""
    found: Mapping[str, Any] = json.loads(Path(__file__).with_name("prices.json").read_text(encoding="utf-8"))
    return found


def price(what: str) -> float:
    """Dollars for one of it."""
    entry = prices()["dollars"][what]
    return float(entry["price"] / entry["per"])


def idle(resources: Resources) -> Iterator[Line]:
    """What the resources of a template cost in a month of 730 hours without events, people and messages."""
    for kind, (what, paid) in _MONTHLY.items():
        count = len(_of(resources, kind))
        yield Line(what, count, count * price(paid))
    queues = [
        each
        for each in _of(resources, "AWS::Lambda::EventSourceMapping")
        if "StartingPosition" not in each and each.get("Enabled", True)
    ]
    polls = len(queues) * _POLLS_A_MINUTE * MINUTES
    yield Line("requests by which Lambda looks into queues", polls, polls * price("SQS request"))
    yield from _rounds(resources)


def _rounds(resources: Resources) -> Iterator[Line]:
    """The rounds of schedules that come every so many minutes: calls, their time, and looks at who is due."""
    for schedule in _of(resources, "AWS::Scheduler::Schedule"):
        minutes = _minutes(schedule["ScheduleExpression"])
        rounds = MINUTES / minutes
        function = _function(resources, schedule["Target"]["Arn"])
        memory = function.get("MemorySize", 128) / 1024
        seconds = rounds * memory * _SECONDS_OF_A_ROUND
        dollars = rounds * (price("Scheduler invocation") + price("Lambda request"))
        name = function["Environment"]["Variables"]["FUNCTION"]
        yield Line(f"rounds of {name}", rounds, dollars + seconds * price("Lambda gigabyte and second, arm64"))
        if minutes == 1 and (shards := function["Environment"]["Variables"].get("DUE_SHARDS")):
            indexes = sum(_has_due(each) for each in _of(resources, "AWS::DynamoDB::Table"))
            units = rounds * int(shards) * indexes * _UNITS_OF_A_LOOK
            yield Line("read units by which it looks who is due", units, units * price("DynamoDB read unit, on demand"))


def _of(resources: Resources, kind: str) -> list[Mapping[str, Any]]:
    return [each.get("Properties", {}) for each in resources.values() if each["Type"] == kind]


def _minutes(expression: str) -> float:
    """The minutes between two rounds; of a cron expression a day, since no other is used."""
    number, _, unit = expression.removeprefix("rate(").removesuffix(")").partition(" ")
    return int(number) * {"minute": 1, "hour": 60, "day": 1440}[unit.removesuffix("s")] if unit[:1] in "mhd" else 1440


def _function(resources: Resources, arn: Mapping[str, Any]) -> Mapping[str, Any]:
    """The function that a schedule calls, by itself or by an alias."""
    called = resources[arn["Fn::GetAtt"][0] if "Fn::GetAtt" in arn else arn["Ref"]]
    if called["Type"] == "AWS::Lambda::Alias":
        called = resources[called["Properties"]["FunctionName"]["Ref"]]
    properties: Mapping[str, Any] = called["Properties"]
    return properties


def _has_due(table: Mapping[str, Any]) -> bool:
    return any(index["IndexName"] == "due" for index in table.get("GlobalSecondaryIndexes", []))
