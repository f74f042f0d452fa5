"""Whoever floods with the key that everybody can read is told to wait; the shop's servers and storefronts are not."""

import json
from collections.abc import Iterator

import pytest

from local.runtime.lambda_events import LocalAnswer, LocalRequest
from tests.flow.host import Host, opened
from tests.flow.shop import ANN, customer


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host that takes six requests a minute from an address, three of a visitor and thirty of the shop's servers."""
    monkeypatch.setenv("PUBLIC_REQUESTS_PER_MINUTE", "6")
    monkeypatch.setenv("VISITOR_REQUESTS_PER_MINUTE", "3")
    monkeypatch.setenv("SERVER_REQUESTS_PER_MINUTE", "30")
    with opened(shipped=False) as host:
        yield host


def view(host: Host, number: int, device: str = "", key: str = "write_key", **headers: str) -> LocalAnswer:
    """A view of a device, each by default of another; ``client`` is where it comes from."""
    client = headers.pop("client", "198.51.100.1")
    body = {"event": "Product Viewed", "anonymousId": device or f"d{number}", "messageId": f"m{number}"}
    named = (*headers.items(), ("content-type", "text/plain"))
    raw = json.dumps({**body, "writeKey": host.keys[key]}).encode()
    return host.inner.request(LocalRequest("POST", "/v1/track", "", named, raw, client))


def test_an_address_that_floods_is_answered_429_and_when_to_come_back(limited: Host) -> None:
    assert [200] * 6 == [view(limited, number).status for number in range(6)]
    refused = view(limited, 6)
    assert 429 == refused.status
    assert "too many requests" == json.loads(refused.body)["error"]
    headers = dict(refused.headers)
    assert "*" == headers["access-control-allow-origin"]
    limited.clock.advance(f"{headers['retry-after']}s")
    assert 200 == view(limited, 6).status


def test_another_address_goes_on_and_a_header_makes_no_other_address(limited: Host) -> None:
    assert 429 in [view(limited, number).status for number in range(8)]
    assert 429 == view(limited, 9, **{"x-forwarded-for": "203.0.113.9"}).status
    assert 200 == view(limited, 10, client="203.0.113.9").status


def test_a_visitor_that_floods_from_many_addresses_is_answered_429(limited: Host) -> None:
    answers = [view(limited, number, "same", client=f"198.51.100.{number}").status for number in range(5)]
    assert [200, 200, 200, 429, 429] == answers


def test_the_servers_of_the_shop_and_its_storefront_are_not_limited_by_their_address(limited: Host) -> None:
    assert {200} == {view(limited, number, "same", key="server_key").status for number in range(20)}
    assert {200} == {limited.webhook("customers/create", customer(ANN)).status for _ in range(20)}


def test_a_server_that_floods_is_answered_429_and_the_storefront_and_the_page_go_on(limited: Host) -> None:
    answers = [view(limited, number, key="server_key", client=f"198.51.100.{number}") for number in range(31)]
    assert [200] * 30 + [429] == [answer.status for answer in answers]
    assert 429 == limited.segment("batch", {"batch": [{"type": "track", "event": "E", "userId": "u1"}]}).status
    assert 200 == limited.webhook("customers/create", customer(ANN)).status
    assert 200 == view(limited, 31).status
    limited.clock.advance(f"{dict(answers[-1].headers)['retry-after']}s")
    assert 200 == view(limited, 32, key="server_key").status


def test_what_was_refused_is_not_in_the_log_and_is_taken_once_when_sent_again(limited: Host) -> None:
    for number in range(5):
        view(limited, number, "same", client=f"198.51.100.{number}")
    limited.clock.advance("1m")
    assert 200 == view(limited, 4, "same").status
    rows = [row for row in limited.inner.rows("log", 100) if "same" in str(row["pk"])]
    assert 4 == len(rows)
