"""No means no, at once: consent, unsubscribing, bounces and complaints."""

import re
from typing import Any

import pytest

from tests.flow.host import URL, Host
from tests.flow.shop import ANN, Person, checkout, customer, identify, read


def leave(host: Host, token: str = "c1", person: Person = ANN, **more: Any) -> None:
    host.webhook("checkouts/create", checkout(f"ch-{token}", person, cart=token, **more))


def ledger(host: Host) -> list[dict[str, Any]]:
    return read(host.api("GET", "messages"))["messages"]


def held(host: Host) -> list[str]:
    return [row["reason"] for row in ledger(host) if row["state"] == "held"]


def unsubscribe_path(mail: dict[str, Any]) -> str:
    found = re.fullmatch(rf"<{re.escape(URL)}(/u/[^>]+)>", mail["headers"]["List-Unsubscribe"])
    assert found, mail["headers"]["List-Unsubscribe"]
    return found[1]


@pytest.fixture
def mail(host: Host) -> dict[str, Any]:
    """Ann's first reminder."""
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    leave(host)
    host.clock.advance("1h")
    return host.mailbox()[0]


def test_without_a_recorded_yes_nothing_is_sent_and_the_ledger_says_so(host: Host) -> None:
    leave(host)
    host.clock.advance("1h")
    assert [] == host.mailbox()
    assert ["no consent recorded"] == held(host)


@pytest.mark.parametrize(("state", "reason"), [("pending", "consent pending"), ("unsubscribed", "unsubscribed")])
def test_an_answer_other_than_yes_holds_the_message(host: Host, state: str, reason: str) -> None:
    host.webhook("customers/create", customer(ANN, consent=state))
    leave(host)
    host.clock.advance("1h")
    assert [] == host.mailbox()
    assert [reason] == held(host)


def test_a_yes_that_comes_with_the_checkout_counts(host: Host) -> None:
    leave(host, consent="subscribed")
    host.clock.advance("1h")
    assert 1 == len(host.mailbox())


def test_a_no_in_the_web_shop_stops_what_was_pending(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    leave(host)
    host.clock.advance("59m")
    host.segment("identify", identify(user="u-1", email=ANN.email, consent="unsubscribed"))
    host.clock.advance("2d")
    assert [] == host.mailbox()


def test_an_older_yes_that_comes_late_does_not_undo_a_no(host: Host) -> None:
    early = customer(ANN, consent="subscribed")
    host.clock.advance("10m")
    host.webhook("customers/update", customer(ANN, consent="unsubscribed"))
    host.webhook("customers/create", early)
    leave(host)
    host.clock.advance("1h")
    assert [] == host.mailbox()


def test_the_e_mail_says_how_to_unsubscribe_with_one_click(host: Host, mail: dict[str, Any]) -> None:
    assert "List-Unsubscribe=One-Click" == mail["headers"]["List-Unsubscribe-Post"]
    assert unsubscribe_path(mail) in mail["html"]
    assert unsubscribe_path(mail) in mail["text"]


def test_one_click_unsubscribes_at_once_and_stops_the_second_reminder(host: Host, mail: dict[str, Any]) -> None:
    answer = host.request(
        "POST",
        unsubscribe_path(mail),
        b"List-Unsubscribe=One-Click",
        {"content-type": "application/x-www-form-urlencoded"},
    )
    assert 200 == answer.status
    assert "unsubscribed" == (host.profile(f"email:{ANN.email}") or {})["consent"]["marketing"]
    leave(host, "c2")
    host.clock.advance("3d")
    assert 1 == len(host.mailbox())
    assert {"unsubscribed"} == set(held(host))


def test_the_click_counts_before_anything_folded_it(host: Host, mail: dict[str, Any]) -> None:
    host.clock.advance("23h59m")
    host.inner.cloud.clock.move(host.clock() + 60)
    host.request("POST", unsubscribe_path(mail), b"List-Unsubscribe=One-Click")
    host.settle()
    host.clock.advance("2h")
    assert 1 == len(host.mailbox())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_looking_at_the_page_unsubscribes_nobody(host: Host, mail: dict[str, Any], method: str) -> None:
    answer = host.request(method, unsubscribe_path(mail))
    assert 200 == answer.status
    assert "subscribed" == (host.profile(f"email:{ANN.email}") or {})["consent"]["marketing"]
    host.clock.advance("24h")
    assert 2 == len(host.mailbox())


def test_a_forged_token_unsubscribes_nobody(host: Host, mail: dict[str, Any]) -> None:
    path = unsubscribe_path(mail)
    forged = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert 400 <= host.request("POST", forged, b"List-Unsubscribe=One-Click").status < 500
    host.clock.advance("24h")
    assert 2 == len(host.mailbox())


@pytest.mark.parametrize("kind", ["bounce", "complaint"])
def test_nobody_is_written_to_again_after_a_permanent_bounce_or_a_complaint(
    host: Host, mail: dict[str, Any], kind: str
) -> None:
    host.local("POST", f"mailbox/{mail['id']}/{kind}")
    assert kind == (host.profile(f"email:{ANN.email}") or {})["consent"]["suppressed"]
    leave(host, "c2")
    host.clock.advance("3d")
    assert 1 == len(host.mailbox())
    assert {"suppressed"} == set(held(host))


def test_opens_and_clicks_come_back_as_events_of_the_person(host: Host, mail: dict[str, Any]) -> None:
    host.clock.advance("5m")
    host.local("POST", f"mailbox/{mail['id']}/open")
    host.local("POST", f"mailbox/{mail['id']}/click", {"link": "https://corner-shop.example/sale"})
    profile = host.profile(f"email:{ANN.email}")
    assert profile
    told = read(host.api("GET", f"profiles/{profile['id']}/events"))["events"]
    opened = next(event for event in told if event["name"] == "Email Opened")
    clicked = next(event for event in told if event["name"] == "Email Link Clicked")
    assert "cart-recovery" == opened["properties"]["campaign_name"]
    assert "https://corner-shop.example/sale" == clicked["properties"]["link_url"]
    assert [(1, 1)] == [(row["opens"], row["clicks"]) for row in ledger(host)]
