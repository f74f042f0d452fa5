"""The local host serves this machine: neither a page of another site nor a rebound name opens it."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future
from typing import Any, cast

import httpx
import pytest

from local.http.web import application
from local.runtime.worker import Worker
from tests.flow.host import URL, Host, opened

OWN = "127.0.0.1:8787"
SENDERS = ["/v1/track", "/hooks/shopify", "/u/some"]


class _AtOnce:
    """Does in the caller's thread what the host's worker does in its own."""

    def submit(self, work: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(work())
        return future


@pytest.fixture(scope="module")
def served() -> Iterator[Host]:
    with opened(shipped=False) as host:
        yield host


def ask(served: Host, method: str, path: str, **headers: str) -> httpx.Response:
    """A request over HTTP."""

    async def asked() -> httpx.Response:
        app = application(served.inner, cast(Worker, _AtOnce()))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=URL) as client:
            return await client.request(method, path, headers=headers)

    return asyncio.run(asked())


@pytest.mark.parametrize("name", [OWN, "localhost:8787", "LOCALHOST:8787", "[::1]:8787"])
def test_the_host_answers_by_its_own_names(served: Host, name: str) -> None:
    for path in ("/", "/_local/keys", "/api/openapi.json"):
        assert 200 == ask(served, "GET", path, host=name).status_code


@pytest.mark.parametrize(
    "name",
    [
        "evil.example",
        "evil.example:8787",
        "127.0.0.1",
        "127.0.0.1:8788",
        "127.0.0.1.evil.example:8787",
        "x@127.0.0.1:8787",
    ],
)
def test_a_name_that_somebody_else_leads_here_opens_neither_keys_nor_api_nor_page(served: Host, name: str) -> None:
    for path in ("/", "/page/ask.js", "/_local/keys", "/_local/clock", "/api/openapi.json", "/api/segments", "/_local"):
        answer = ask(served, "GET", path, host=name)
        assert 403 == answer.status_code, path
        assert "Host" == answer.json()["faults"][0]["where"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://127.0.0.1:3000", "https://127.0.0.1:8787", ""]
)
def test_a_page_of_another_site_may_call_neither_local_nor_api(served: Host, origin: str) -> None:
    for method, path in (("POST", "/_local/settle"), ("GET", "/_local/keys"), ("POST", "/api/definitions")):
        answer = ask(served, method, path, origin=origin)
        assert (403, "Origin") == (answer.status_code, answer.json()["faults"][0]["where"]), path


def test_the_hosts_own_page_may_call_both(served: Host) -> None:
    for origin in (URL, "http://localhost:8787"):
        assert 200 == ask(served, "POST", "/_local/settle", origin=origin).status_code
        assert 401 == ask(served, "GET", "/api/segments", origin=origin).status_code


@pytest.mark.parametrize("path", SENDERS)
def test_what_senders_and_recipients_call_is_open_to_every_origin_and_name(served: Host, path: str) -> None:
    assert 403 != ask(served, "POST", path, host="tunnel.example", origin="https://shop.example").status_code


def test_a_path_that_only_looks_like_a_senders_is_not_open(served: Host) -> None:
    for path in ("//v1/track", "/V1/track", "/v1", "/api/v1/", "/%76%31/track"):
        assert 403 == ask(served, "GET", path, host="evil.example").status_code, path
