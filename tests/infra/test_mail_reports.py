"""What SES reports reaches the function by a topic and a queue, which take it from nobody else."""

import json
from typing import Any

from tests.infra.synthesis import Template

REPORTED = {
    "send",
    "delivery",
    "bounce",
    "complaint",
    "reject",
    "open",
    "click",
    "renderingFailure",
    "deliveryDelay",
}


def _destinations(template: Template, kind: str) -> list[dict[str, Any]]:
    every = template.all("SES::ConfigurationSetEventDestination").values()
    return [each["EventDestination"] for each in every if kind in each["EventDestination"]]


def _topic(template: Template) -> str:
    return template.one("SNS::Topic", "mailreports")[0]


def _queues(template: Template) -> tuple[str, str]:
    """The queue of reports, and its dead letters."""
    queues = template.all("SQS::Queue").items()
    (queue,) = (name for name, body in queues if "queuesfeedback" in name and "RedrivePolicy" in body)
    (dead,) = (name for name, body in queues if "queuesfeedbackdead" in name)
    return queue, dead


def _allowed(statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in statements if each["Effect"] == "Allow"]


def test_ses_reports_everything_about_our_messages_to_the_topic_and_nowhere_else(template: Template) -> None:
    (destination,) = _destinations(template, "SnsDestination")
    assert (REPORTED, True) == (set(destination["MatchingEventTypes"]), destination["Enabled"])
    assert {"TopicARN": {"Ref": _topic(template)}} == destination["SnsDestination"]
    assert [] == _destinations(template, "EventBridgeDestination")
    assert {} == template.all("Events::Rule")


def test_ses_may_publish_about_this_configuration_set_and_nobody_else_may_anything(template: Template) -> None:
    topic = _topic(template)
    _, policy = template.one("SNS::TopicPolicy", "mailreports")
    assert [{"Ref": topic}] == policy["Topics"]
    (allowed,) = _allowed(policy["PolicyDocument"]["Statement"])
    assert ("sns:Publish", {"Ref": topic}) == (allowed["Action"], allowed["Resource"])
    assert {"Service": "ses.amazonaws.com"} == allowed["Principal"]
    assert ["StringEquals"] == list(allowed["Condition"])
    condition = allowed["Condition"]["StringEquals"]
    assert {"AWS:SourceAccount", "AWS:SourceArn"} == set(condition)
    assert {"Ref": "AWS::AccountId"} == condition["AWS:SourceAccount"]
    (configuration_set,) = template.all("SES::ConfigurationSet")
    source = condition["AWS:SourceArn"]["Fn::Join"][1]
    assert ":configuration-set/" in source[-2]
    assert {"Ref": configuration_set} == source[-1]


def test_ses_is_told_of_the_topic_once_it_may_publish_there(template: Template) -> None:
    """It tries when it is told, and refuses a topic that does not take it."""
    (policy,) = (name for name in template.all("SNS::TopicPolicy") if "mailreports" in name)
    (destination,) = (
        each
        for each in template.body["Resources"].values()
        if "SnsDestination" in each.get("Properties", {}).get("EventDestination", {})
    )
    assert policy in destination["DependsOn"]


def test_the_topic_leads_to_the_queue_as_it_is_and_what_it_cannot_deliver_is_kept(template: Template) -> None:
    queue, dead = _queues(template)
    (subscription,) = (each for each in template.all("SNS::Subscription").values() if each["Protocol"] == "sqs")
    assert ({"Ref": _topic(template)}, True) == (subscription["TopicArn"], subscription["RawMessageDelivery"])
    assert {"Fn::GetAtt": [queue, "Arn"]} == subscription["Endpoint"]
    assert {"deadLetterTargetArn": {"Fn::GetAtt": [dead, "Arn"]}} == subscription["RedrivePolicy"]


def test_the_queue_takes_messages_of_the_topic_alone(template: Template) -> None:
    topic = {"Ref": _topic(template)}
    for name in _queues(template):
        (policy,) = (each for each in template.all("SQS::QueuePolicy").values() if {"Ref": name} in each["Queues"])
        (allowed,) = _allowed(policy["PolicyDocument"]["Statement"])
        assert ("sqs:SendMessage", {"Service": "sns.amazonaws.com"}) == (allowed["Action"], allowed["Principal"])
        assert {"ArnEquals": {"aws:SourceArn": topic}} == allowed["Condition"]
        assert template.all("SQS::Queue")[name]["SqsManagedSseEnabled"]


def test_an_option_has_ses_tell_the_default_event_bus_too(template_of_large_account: Template) -> None:
    (destination,) = _destinations(template_of_large_account, "EventBridgeDestination")
    assert REPORTED == set(destination["MatchingEventTypes"])
    assert "/default" in json.dumps(destination["EventBridgeDestination"])
    assert 1 == len(_destinations(template_of_large_account, "SnsDestination"))
    # Rules are the shop's own.
    assert {} == template_of_large_account.all("Events::Rule")
