"""The local host against another AWS: here moto's server in a process of its own, in real time."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from functions import wiring
from functions.topology import FUNCTIONS
from local.runtime.host import running
from tests.flow.host import Host
from tests.flow.test_local_control import RAW

pytest.importorskip("flask", reason="moto's server is not installed")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    command = [sys.executable, "-c", "from moto.server import main; main(['-p', '0'])"]
    environment = {**os.environ, "AWS_ACCOUNT_ID_ENDPOINT_MODE": "disabled"}
    process = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"Running on (http://127\.0\.0\.1:\d+)", line):
            yield found[1]
            break
    process.kill()
    process.communicate()


@pytest.fixture
def far(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Any]]:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    silent: dict[str, Any] = {function.name: lambda event, context: None for function in FUNCTIONS}
    yield lambda **handlers: running("http://127.0.0.1:1", silent | handlers)


def until(host: Host, done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not done() and time.monotonic() < deadline:
        host.inner.scheduler.step()
    assert done()


def test_streams_and_queues_are_read_through_the_api_of_the_endpoint(far: Callable[..., Any]) -> None:
    folded: list[str] = []
    woken: list[str] = []

    def fold(event: Any, context: Any) -> None:
        folded.extend(record["dynamodb"]["NewImage"]["b"]["B"] for record in event["Records"])

    def wake(event: Any, context: Any) -> None:
        woken.extend(record["body"] for record in event["Records"])

    with far(fold=fold, wake=wake) as inner:
        host = Host(inner)
        wiring.clients().get("dynamodb").put_item(
            TableName="segue-log", Item={"pk": {"S": "email:ann@x.org"}, "sk": {"S": "1"}, "b": {"B": b"\x00\xff"}}
        )
        place = inner.cloud.environment["QUEUE_WAKES"]
        wiring.clients().get("sqs").send_message(QueueUrl=place, MessageBody="now")
        until(host, lambda: bool(folded and woken))
    assert (["AP8="], ["now"]) == (folded, woken)


def test_an_email_handed_to_that_ses_is_in_the_mailbox(far: Callable[..., Any]) -> None:
    told: list[str] = []
    with far(feedback=lambda event, context: told.extend(record["body"] for record in event["Records"])) as inner:
        host = Host(inner)
        wiring.clients().get("sesv2").send_email(
            Content={"Raw": {"Data": RAW.encode()}},
            EmailTags=[{"Name": "profile", "Value": "p1"}],
            ConfigurationSetName="segue",
        )
        until(host, lambda: len(told) == 2)
        assert [("ann@x.org", "p1")] == [(mail["to"], mail["profile"]) for mail in host.mailbox()]


def test_the_clock_of_a_host_on_another_aws_is_real_and_cannot_be_moved(far: Callable[..., Any]) -> None:
    with far() as inner:
        answer = Host(inner).request("POST", "/_local/clock", {"advance": "1h"})
        assert 409 == answer.status
        assert "cannot be moved" in json.loads(answer.body)["faults"][0]["message"]
        assert abs(inner.scheduler.settle() or 0) == 0


def test_a_second_run_finds_the_secrets_of_the_first(far: Callable[..., Any]) -> None:
    with far() as inner:
        first = inner.keys()["write_key"]
    with far() as inner:
        assert first == inner.keys()["write_key"]
