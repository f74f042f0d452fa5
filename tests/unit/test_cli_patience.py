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


def job(state: str, seen: int = 0, **more: object) -> httpx.Response:
    progress = {"people": {"seen": seen, "about": 9}, "segments": {"done": 0, "of": 3}}
    return httpx.Response(200, json={"id": "j1", "state": state, "progress": progress, "fault": None, **more})


def test_what_a_job_answers_is_waited_for_with_its_progress() -> None:
    accepted = httpx.Response(202, json={"job": "j1"})
    client = answering(accepted, job("queued"), job("running", 4), job("done", 9, result={"count": 2}))
    moves: list[tuple[int, int]] = []
    client.moved = lambda seen, about: moves.append((seen, about))
    assert {"count": 2} == client.post("/api/preview", {})
    assert [(0, 9), (4, 9)] == moves


@pytest.mark.parametrize(("state", "fault"), [("failed", "no luck"), ("cancelled", None)])
def test_a_job_that_ends_without_an_answer_is_told_with_the_reason(state: str, fault: str | None) -> None:
    client = answering(httpx.Response(202, json={"job": "j1"}), job(state, fault=fault))
    with pytest.raises(CliError, match=f"the job j1 is {state}{f': {fault}' if fault else ''}; ask again"):
        client.post("/api/preview", {})
