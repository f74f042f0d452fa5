"""What `segue account` says of an AWS account, by what SES and Lambda answer."""

import json
from collections.abc import Mapping
from typing import Any, Literal

import boto3
import pytest
from botocore.stub import Stubber

from cli import accounts
from cli.__main__ import main
from cli.accounts import Denied, Finding, findings
from infra import concurrency

LIMIT = "lambda:GetAccountSettings"
ADDRESS = "hello@shop.example"
QUOTA = {"MaxSendRate": 14.0, "Max24HourSend": 50_000.0, "SentLast24Hours": 12.0}
GOOD: dict[str, Any] = {
    "ses:GetAccount": {
        "SendQuota": QUOTA,
        "SendingEnabled": True,
        "ProductionAccessEnabled": True,
        "EnforcementStatus": "HEALTHY",
    },
    "ses:GetEmailIdentity": {
        "VerifiedForSendingStatus": True,
        "DkimAttributes": {"SigningEnabled": True, "Status": "SUCCESS"},
    },
    "lambda:GetAccountSettings": {
        "AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 900}
    },
}
SANDBOX = {"ProductionAccessEnabled": False, "SendQuota": {**QUOTA, "MaxSendRate": 1.0, "Max24HourSend": 200.0}}


def said(changes: Mapping[str, Mapping[str, Any]], address: str = ADDRESS, wanted: int = 1000) -> list[Finding]:
    def ask(action: str, **_: Any) -> Any:
        return {**GOOD[action], **changes.get(action, {})}

    return list(findings(ask, address, wanted))


def test_of_an_account_that_has_everything_nothing_is_said() -> None:
    assert [] == said({})


@pytest.mark.parametrize(
    ("action", "change", "level", "message"),
    [
        ("ses:GetAccount", {"SendingEnabled": False}, "fault", "paused"),
        ("ses:GetAccount", {"EnforcementStatus": "SHUTDOWN"}, "fault", "paused"),
        ("ses:GetAccount", {"EnforcementStatus": "PROBATION"}, "warning", "under review"),
        ("ses:GetAccount", SANDBOX, "warning", "sandbox: verified recipients only, 1 a second and 200 a day"),
        ("ses:GetAccount", {"SendQuota": {**QUOTA, "SentLast24Hours": 50_000.0}}, "warning", "50000 of 50000"),
        ("ses:GetEmailIdentity", {"VerifiedForSendingStatus": False}, "fault", "not verified"),
        ("ses:GetEmailIdentity", {"DkimAttributes": {"Status": "PENDING"}}, "warning", "DKIM (PENDING)"),
        ("ses:GetEmailIdentity", {"DkimAttributes": {"Status": "SUCCESS"}}, "warning", "DKIM (SUCCESS)"),
        ("lambda:GetAccountSettings", {"AccountLimit": {"ConcurrentExecutions": 9}}, "fault", "too few"),
        (
            "lambda:GetAccountSettings",
            {"AccountLimit": {"ConcurrentExecutions": 10}},
            "warning",
            "nothing is set aside",
        ),
        (
            "lambda:GetAccountSettings",
            {"AccountLimit": {"ConcurrentExecutions": 199}},
            "warning",
            "nothing is set aside",
        ),
    ],
)
def test_each_fault_is_said_with_what_to_do(action: str, change: dict[str, Any], level: str, message: str) -> None:
    (found,) = said({action: change}, wanted=0 if "Limit" in str(change) else 1000)
    assert level == found.level
    assert message in found.message
    assert found.remedy


def test_a_deployment_that_is_told_too_much_is_refused_and_one_that_is_told_nothing_is_told_what_to_say() -> None:
    (found,) = said({}, wanted=2000)
    assert ("fault", True) == (found.level, "-c concurrency=1000" in found.remedy)
    (found,) = said({}, wanted=0)
    assert ("warning", True) == (found.level, "-c concurrency=1000" in found.remedy)
    assert concurrency.LEAST == accounts.LEAST


def test_a_quota_without_a_bound_is_never_used_up() -> None:
    assert [] == said({"ses:GetAccount": {"SendQuota": {**QUOTA, "Max24HourSend": -1.0}}})


def test_the_identity_is_the_address_or_else_its_domain_and_may_not_be_there_yet() -> None:
    asked: list[str] = []

    def ask(action: str, **request: Any) -> Any:
        asked.extend(request.values())
        return None if action == "ses:GetEmailIdentity" else GOOD[action]

    (found,) = findings(ask, ADDRESS, 1000)
    assert ["hello@shop.example", "shop.example"] == asked
    assert ("warning", "shop.example") == (found.level, found.about)
    asked.clear()
    assert [] == list(findings(ask, "", 1000))
    assert [] == asked


@pytest.mark.parametrize("code", ["AccessDeniedException", "AccessDenied", "ThrottlingException"])
def test_what_may_not_be_asked_is_named_and_the_rest_is_asked_all_the_same(code: str) -> None:
    def ask(action: str, **_: Any) -> Any:
        raise Denied(action, code)

    found = list(findings(ask, ADDRESS, 0))
    assert ["ses:GetAccount", "ses:GetEmailIdentity", "lambda:GetAccountSettings"] == [each.about for each in found]
    assert {"fault"} == {each.level for each in found}
    assert all(each.about in each.remedy if "Denied" in code else code in each.message for each in found)


class Account:
    """Clients of AWS whose answers are scripted, as botocore checks them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.stubs: dict[str, tuple[Any, Stubber]] = {}
        services: tuple[Literal["sesv2", "lambda"], ...] = ("sesv2", "lambda")
        for service in services:
            session = boto3.Session("test", "test", region_name="eu-west-1")
            client = session.client(service)
            self.stubs[service] = (client, Stubber(client))
            self.stubs[service][1].activate()
        monkeypatch.setattr("cli.aws.client", lambda service, region: self.stubs[service][0])

    def answers(self, service: str, operation: str, answer: Any) -> None:
        self.stubs[service][1].add_response(operation, answer)

    def refuses(self, service: str, operation: str, code: str) -> None:
        self.stubs[service][1].add_client_error(operation, code)


def test_the_command_asks_aws_and_prints_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = Account(monkeypatch)
    aws.answers("sesv2", "get_account", {**GOOD["ses:GetAccount"], **SANDBOX})
    aws.refuses("sesv2", "get_email_identity", "NotFoundException")
    aws.answers("sesv2", "get_email_identity", GOOD["ses:GetEmailIdentity"])
    aws.answers("lambda", "get_account_settings", GOOD["lambda:GetAccountSettings"])
    assert 0 == main(["account", "--from-address", ADDRESS, "--concurrency", "1000", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert (True, ["SES"]) == (told["works"], [each["about"] for each in told["findings"]])
    assert {"level", "about", "message", "remedy"} == told["findings"][0].keys()


def test_an_account_that_could_not_carry_it_ends_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    aws = Account(monkeypatch)
    aws.refuses("sesv2", "get_account", "AccessDeniedException")
    aws.answers("lambda", "get_account_settings", GOOD["lambda:GetAccountSettings"])
    assert 1 == main(["account", "--concurrency", "1000"])
    told = capsys.readouterr().out
    assert "fault: ses:GetAccount: these credentials may not ask for it" in told
    assert "would not work" in told


def test_without_credentials_it_is_said_that_there_are_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    assert 2 == main(["account", "--region", "eu-west-1", "--json"])
    assert "credentials" in json.loads(capsys.readouterr().err)["error"]
