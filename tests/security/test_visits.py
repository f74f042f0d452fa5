"""The token in a link of an e-mail makes the visitor of the shop's page its recipient, and speaks for nobody."""

import json
import re
from typing import Any

import pytest

from functions.core.messages import unsubscribe, visit
from local.runtime.clock import now
from tests.flow.host import Host
from tests.flow.shop import ANN, checkout, customer

MARK = f"email:{ANN.email}"
TEMPLATE = """
id: hello
name: Hello
kind: transactional
subject: Hello
body: |
  <mj-section><mj-column>
  <mj-button href="https://corner-shop.example/news?segue_token={{ visit_token }}">See</mj-button>
  </mj-column></mj-section>
"""
FLOW = """
id: hello
name: Hello
start: {event: Checkout Started, by: checkout_id}
steps:
  - {send: hello}
"""


def token_of(host: Host, address: str = ANN.email, at: int | None = None, key: str = visit.KEY) -> str:
    return visit.seal(host.inner.secret(key), address, now() if at is None else at)


def view(host: Host, device: str = "a1", key: str = "write_key", **more: Any) -> None:
    answer = host.segment("page", {"anonymousId": device, "name": "News", **more}, key=key)
    assert answer.status == 200, answer.body
    host.settle()


def names(host: Host) -> set[str]:
    return set((host.profile(MARK) or {"identifiers": []})["identifiers"])


def logged(host: Host) -> str:
    return json.dumps(host.inner.rows("log", 1000), default=str)


@pytest.fixture
def known(host: Host) -> Host:
    """A host whose storefront has told of Ann."""
    host.webhook("customers/create", customer(ANN))
    host.clock.advance("1m")
    return host


def test_the_link_of_a_template_that_asks_for_it_makes_the_visitor_the_recipient(known: Host) -> None:
    assert known.publish("templates", "hello", TEMPLATE).status == 200
    answer = known.publish("flows", "hello", FLOW)
    assert answer.status == 200, answer.body
    view(known)
    known.webhook("checkouts/create", checkout("ch1", ANN))
    known.clock.advance("2m")
    (mail,) = [mail for mail in known.mailbox() if mail["subject"] == "Hello"]
    (url,) = re.findall(r'href="(https://corner-shop.example/news[^"]+)"', mail["html"])
    view(known, context={"page": {"url": url, "search": f"?{url.partition('?')[2]}"}}, properties={"url": url})
    profile = known.profile(MARK)
    assert profile and "anonymous_id:a1" in profile["identifiers"]
    events = json.loads(known.api("GET", f"profiles/{profile['id']}/events").body)["events"]
    told = [event["name"] for event in events]
    assert (2, 1) == (told.count("Page Viewed"), told.count("Visitor Recognised"))
    assert url.partition("=")[2] not in json.dumps(events)


@pytest.mark.parametrize("place", ["traits", "context", "context_traits"])
def test_the_page_may_hand_the_token_on(known: Host, place: str) -> None:
    handed = {"segue_token": token_of(known)}
    message = {"traits": {"traits": handed}, "context": {"context": handed}}.get(place, {"context": {"traits": handed}})
    assert known.segment("identify", {"anonymousId": "a1", **message}, key="write_key").status == 200
    known.settle()
    assert "anonymous_id:a1" in names(known)
    assert "segue_token" not in (known.profile(MARK) or {})["traits"]


def test_the_token_speaks_for_nobody(known: Host) -> None:
    said = {"email_marketing_consent": "subscribed", "first_name": "Eve", "segue_token": token_of(known)}
    assert known.segment("identify", {"anonymousId": "a1", "traits": said}, key="write_key").status == 200
    profile = known.profile(MARK)
    assert profile and "anonymous_id:a1" in profile["identifiers"]
    assert ("none", ANN.name) == (profile["consent"]["marketing"], profile["traits"]["first_name"])


def test_a_visitor_who_names_an_account_or_another_address_is_not_the_recipient(known: Host) -> None:
    view(known, userId="eve", context={"segue_token": token_of(known)})
    view(known, context={"segue_token": token_of(known), "traits": {"email": "eve@x.org"}})
    traits = {"email": "eve@x.org", "segue_token": token_of(known)}
    known.segment("identify", {"anonymousId": "a1", "traits": traits}, key="write_key")
    known.settle()
    assert "anonymous_id:a1" not in names(known)


def test_a_link_tells_who_visits_for_seven_days(known: Host) -> None:
    view(known, context={"segue_token": token_of(known, at=now() - visit.LIFE)})
    assert "anonymous_id:a1" not in names(known)
    view(known, device="a2", context={"segue_token": token_of(known, at=now() - visit.LIFE + 1)})
    assert "anonymous_id:a2" in names(known)


def test_what_is_no_token_of_ours_proves_nothing_and_is_refused_nothing(known: Host) -> None:
    genuine, claims = token_of(known), unsubscribe.Claims("p", ANN.email, "cart-recovery_1_1")
    other = unsubscribe.seal(known.inner.secret(unsubscribe.KEY), claims)
    wrong: list[Any] = [
        "",
        "x",
        "v1.",
        genuine[:-1],
        other,
        other.replace("u2.", "v1."),
        7,
        ["x"],
        None,
        "v1." + "A" * 5000,
    ]
    wrong += [token_of(known, key=unsubscribe.KEY), visit.seal(known.inner.secret(visit.KEY), "nobody", now())]
    for token in wrong:
        view(known, context={"segue_token": token, "page": {"url": f"https://x.org/?segue_token={token}", "search": 7}})
    assert "anonymous_id:a1" not in names(known)


def test_the_token_of_a_link_of_another_kind_is_none_for_the_pages(known: Host) -> None:
    token = token_of(known)
    assert (404, 404) == tuple(known.request("GET", f"/{path}/{token}").status for path in ("u", "confirm"))
