"""The command line waits as long as a host asks that answers 429, and not for ever."""

import httpx
import pytest

from cli.client import Client
from cli.errors import CliError


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seconds that the client waited."""
    waited: list[int] = []
    monkeypatch.setattr("cli.client.time.sleep", waited.append)
    return waited


def answering(*answers: httpx.Response) -> Client:
    """A client of a host that gives these answers, the last one again and again."""
    left = list(answers)
    client = Client("https://shop.example")
    transport = httpx.MockTransport(lambda _request: left.pop(0) if len(left) > 1 else left[0])
    client._http = httpx.Client(base_url=client.url, transport=transport)
    return client


@pytest.mark.parametrize(
    ("said", "waited"), [({"retry-after": "7"}, 7), ({}, 1), ({"retry-after": "9999"}, 60), ({"retry-after": "²"}, 1)]
)
def test_a_request_that_is_one_too_many_is_sent_again_after_the_time_that_the_host_asks_for(
    pauses: list[int], said: dict[str, str], waited: int
) -> None:
    headers = {name.encode(): value.encode() for name, value in said.items()}
    client = answering(httpx.Response(429, headers=headers), httpx.Response(200, json={"a": 1}))
    assert {"a": 1} == client.get("/api/anything")
    assert [waited] == pauses


def test_a_host_that_refuses_for_ever_is_given_up(pauses: list[int]) -> None:
    with pytest.raises(CliError, match="no more requests for now"):
        answering(httpx.Response(429, headers={"retry-after": "2"})).get("/api/anything")
    assert [2] * 5 == pauses
