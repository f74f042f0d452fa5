"""Somebody is told of everything that can go wrong for good."""

import json

from functions.adapters.dynamodb.definitions import UNBUNDLED
from functions.telemetry import NAMESPACE
from functions.topology import FUNCTIONS, QUEUES
from functions.usecases import backfill, fold, hold_format, pace, refresh, sweep, tick
from functions.usecases.links import LIMITS_REACHED
from functions.usecases.profile_session import STATES_HALVED
from tests.infra.synthesis import CONTEXT, DEAD, STREAMED, Template


def _descriptions(template: Template) -> set[str]:
    said = (alarm["AlarmDescription"] for alarm in template.all("CloudWatch::Alarm").values())
    return {text.removeprefix("Segue ").partition(":")[0] for text in said}


def test_every_function_stream_and_queue_has_its_alarms_and_there_are_no_others(template: Template) -> None:
    wanted = {f"{row.name}-{what}" for row in FUNCTIONS for what in ("errors", "throttles")}
    wanted |= {f"{row.name}{late}" for row, _ in STREAMED for late in ("-behind", "-half-a-day-behind")}
    wanted |= {f"{row.name}-age" for row in QUEUES}
    wanted |= {f"{name}-dead" for name in DEAD}
    wanted |= {
        "tick-stopped",
        "refresh-differences",
        "public-messages",
        "public-profiles",
        "joins",
        "bounce-rate",
        "complaint-rate",
        "api-5xx",
    }
    wanted |= {"shop-erasure-asked", "shop-erasure-due"}
    wanted |= {"refused", "quarantined", "confirmations"}
    wanted |= {"profile-limits", "states-halved", "timers-swept", "timers-refused", "jobs-failed"}
    wanted |= {"ruleset-unbundled"}
    wanted |= {"send-quota", "sending-paused", "release-too-old"}
    wanted |= {"events-left-out", "put-off", "passed-over"}
    assert wanted == _descriptions(template)


def test_every_alarm_tells_the_topic_and_the_topic_tells_the_shop(template: Template) -> None:
    topic, _ = template.one("SNS::Topic", "alarms")
    assert all([{"Ref": topic}] == alarm["AlarmActions"] for alarm in template.all("CloudWatch::Alarm").values())
    _, subscription = template.one("SNS::Subscription", "alarms")
    assert ("email", CONTEXT["alarm_email"]) == (subscription["Protocol"], subscription["Endpoint"])


def test_the_first_of_what_is_counted_rings(template: Template) -> None:
    counted = {"profilelimits": LIMITS_REACHED, "stateshalved": STATES_HALVED}
    counted |= {
        "timersswept": tick.SWEPT,
        "timersrefused": tick.REFUSED,
        "jobsfailed": sweep.FAILED,
        "rulesetunbundled": UNBUNDLED,
    }
    counted |= {"sendquota": pace.METRICS["day"], "sendingpaused": pace.METRICS["paused"]}
    counted |= {"eventsleftout": fold.EVENTS_LEFT_OUT, "putoff": backfill.PUT_OFF, "passedover": refresh.PASSED_OVER}
    counted |= {"releasetooold": hold_format.TOO_OLD}
    for name, metric in counted.items():
        _, alarm = template.one("CloudWatch::Alarm", name)
        assert (NAMESPACE, metric, "Sum", 0) == (
            alarm["Namespace"],
            alarm["MetricName"],
            alarm["Statistic"],
            alarm["Threshold"],
        )


def test_alarms_of_this_account_may_publish_to_the_topic_and_nothing_else_may(template: Template) -> None:
    topic, _ = template.one("SNS::Topic", "alarms")
    _, policy = template.one("SNS::TopicPolicy", "alarms")
    assert [{"Ref": topic}] == policy["Topics"]
    (allowed,) = (each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow")
    assert {"Service": "cloudwatch.amazonaws.com"} == allowed["Principal"]
    assert ("sns:Publish", {"Ref": topic}) == (allowed["Action"], allowed["Resource"])
    assert {"aws:SourceAccount": {"Ref": "AWS::AccountId"}} == allowed["Condition"]["StringEquals"]
    source = "".join(str(part) for part in allowed["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Join"][1])
    assert source.endswith("{'Ref': 'AWS::AccountId'}:alarm:*")
    assert ":cloudwatch:" in source


def test_a_stream_rings_within_minutes_and_again_when_half_of_its_day_is_over(template: Template) -> None:
    for row, _ in STREAMED:
        ages = [
            (alarm["Threshold"], alarm["EvaluationPeriods"])
            for alarm in template.all("CloudWatch::Alarm").values()
            if alarm.get("MetricName") == "IteratorAge"
            and {"Ref": template.function(row.name)[0]} == alarm["Dimensions"][0]["Value"]
        ]
        assert [(60_000, 5), (12 * 3_600_000, 1)] == sorted(ages)


def test_time_standing_still_is_an_alarm_though_nothing_is_measured_then(template: Template) -> None:
    _, stopped = template.one("CloudWatch::Alarm", "tickstopped")
    assert ("breaching", "LessThanThreshold") == (stopped["TreatMissingData"], stopped["ComparisonOperator"])


def test_bounces_and_complaints_alarm_before_ses_reviews_the_account(template: Template) -> None:
    assert 0.05 > template.one("CloudWatch::Alarm", "bouncerate")[1]["Threshold"]
    assert 0.001 > template.one("CloudWatch::Alarm", "complaintrate")[1]["Threshold"]


def test_messages_are_counted_by_the_dimension_that_the_dashboard_draws(template: Template) -> None:
    (name,) = template.all("SES::ConfigurationSet")
    found = [each["EventDestination"] for each in template.all("SES::ConfigurationSetEventDestination").values()]
    (counts,) = (each for each in found if "CloudWatchDestination" in each)
    (dimension,) = counts["CloudWatchDestination"]["DimensionConfigurations"]
    assert ("messageTag", {"Ref": name}) == (dimension["DimensionValueSource"], dimension["DefaultDimensionValue"])
    assert {"send", "delivery", "bounce", "complaint"} == set(counts["MatchingEventTypes"])
    drawn = json.dumps(next(iter(template.all("CloudWatch::Dashboard").values()))["DashboardBody"])
    for metric in ("Send", "Delivery", "Bounce", "Complaint"):
        words = f'"AWS/SES","{metric}","{dimension["DimensionName"]}","'
        assert json.dumps(words)[1:-1] in drawn, metric


def test_one_dashboard_draws_every_function_queue_and_table(template: Template) -> None:
    (dashboard,) = template.all("CloudWatch::Dashboard").values()
    drawn = json.dumps(dashboard["DashboardBody"])
    for kind in ("Lambda::Function", "SQS::Queue", "DynamoDB::Table", "ApiGatewayV2::Api", "SES::ConfigurationSet"):
        for name in template.all(kind):
            assert f'"{name}"' in drawn, name


def test_the_dashboard_shows_what_waits_for_ses(template: Template) -> None:
    (dashboard,) = template.all("CloudWatch::Dashboard").values()
    body = json.dumps(dashboard["DashboardBody"])
    assert all(f'\\"{name}\\"' in body.replace("\\\\", "\\") for name in pace.METRICS.values())
