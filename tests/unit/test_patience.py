"""How long a request waits for an AWS that does not answer: a storefront gives up after five seconds.

The bounds leave room for a busy machine; the SDK's own defaults, which these tests catch, are minutes.
"""

import socket
import time
from collections.abc import Iterator

import pytest

from functions import wiring
from functions.adapters.clients import PATIENT_ATTEMPTS, PROMPT_ATTEMPTS, Clients
from functions.adapters.dynamodb.calls import Calls
from functions.core.base.errors import OutcomeUnknown, Unavailable
from functions.topology import FUNCTIONS, SERVICES

LONG = 20


@pytest.fixture
def silent() -> Iterator[str]:
    """The URL of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def calls(url: str) -> Calls:
    clients = Clients(endpoint_url=url, aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-west-1")
    clients.get("dynamodb")
    return Calls(lambda: clients.get("dynamodb"), str)


def test_a_server_that_is_silent_is_given_up_in_about_five_seconds(silent: str) -> None:
    began = time.monotonic()
    with pytest.raises(OutcomeUnknown, match="get log: ReadTimeoutError"):
        calls(silent).get("log", {"pk": {"S": "a"}})
    assert time.monotonic() - began < LONG


def test_a_server_that_is_not_there_is_given_up_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
    began = time.monotonic()
    with pytest.raises(Unavailable, match="get log: EndpointConnectionError"):
        calls(url).get("log", {"pk": {"S": "a"}})
    assert time.monotonic() - began < LONG


WAITED_FOR = {"collect", "audience", "preferences", "api"}


@pytest.mark.parametrize("name", [row.name for row in FUNCTIONS])
def test_calls_are_tried_more_often_where_nobody_waits_for_the_answer(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FUNCTION", name)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    wiring.reset()
    try:
        attempts = {
            service: wiring.clients().get(service).meta.config.retries["total_max_attempts"]
            for service in SERVICES.values()
        }
    finally:
        wiring.reset()
    usual = PROMPT_ATTEMPTS if name in WAITED_FOR else PATIENT_ATTEMPTS
    assert {service: 1 if service == "sesv2" else usual for service in SERVICES.values()} == attempts


def test_the_patient_try_twice_as_often() -> None:
    assert PATIENT_ATTEMPTS >= 2 * PROMPT_ATTEMPTS
