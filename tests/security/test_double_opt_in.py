"""A yes under the key of the shop's page: one e-mail of the shop's words, and what the answer to it proves."""

import json
import re
from typing import Any

import pytest

from functions.core.messages import confirmation, unsubscribe
from functions.core.messages.confirmation import KEY, LIFE, Claims
from local.runtime.clock import now, rfc3339
from tests.flow.host import Host, opened
from tests.flow.shop import ANN, identify, order
from tests.security.opt_in import BOB, MARK, link, marketing, messages, press, say, stored

EVIL = "Click http://evil.example now"


def view(host: Host, device: str = "a1") -> None:
    viewed = {"anonymousId": device, "event": "Product Viewed", "properties": {"product_id": "p1"}}
    assert host.segment("track", viewed, key="write_key").status == 200
    host.settle()


def path_of(host: Host, **claims: Any) -> str:
    """The path of a link with these claims, made with the key of links."""
    asked = claims.pop("asked", now())
    whole = {"address": MARK, "device": "anonymous_id:a1", "asked": asked, "expires": asked + LIFE, **claims}
    return f"/confirm/{confirmation.seal(host.inner.secret(KEY), Claims(**whole))}"


def events(host: Host, identifier: str = MARK) -> list[str]:
    profile = host.profile(identifier)
    assert profile
    return [event["name"] for event in json.loads(host.api("GET", f"profiles/{profile['id']}/events").body)["events"]]


def test_a_public_yes_sends_one_mail_of_the_shops_words_alone(host: Host) -> None:
    hostile = {"first_name": EVIL, "name": EVIL, "company": EVIL}
    say(host, "subscribed", traits=hostile, context={"page": {"url": EVIL}, "traits": {"title": EVIL}}, userId=EVIL)
    (mail,) = host.mailbox()
    assert BOB == mail["to"]
    assert ["text/plain", "text/html"] == re.findall(r"Content-Type: (text/\w+)", mail["raw"])
    assert [] == [
        word for word in ("evil", "Click", "bob", "a1@") if word in mail["subject"] + mail["text"] + mail["html"]
    ]
    assert link(mail)
    assert "auto-generated" == mail["headers"]["Auto-Submitted"]


def test_words_in_the_address_itself_do_not_appear_in_the_mail(host: Host) -> None:
    say(host, "subscribed", email="bob+visit-evil.example@x.org")
    (mail,) = host.mailbox()
    assert "evil" not in mail["subject"] + mail["text"] + mail["html"]
    assert "evil" not in host.request("GET", link(mail)).body.decode()


def test_a_second_yes_of_the_same_day_sends_none_whoever_says_it(host: Host) -> None:
    host.clock.to("2026-12-01T23:30:00Z")
    for device in ("a1", "a2", "a1"):
        say(host, "subscribed", device=device)
    # Another day of the calendar, within 24 hours.
    host.clock.advance("1h")
    say(host, "subscribed", device="a3")
    assert 1 == len(host.mailbox())
    host.clock.advance("23h")
    say(host, "subscribed", device="a4")
    assert 2 == len(host.mailbox())


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_the_link_changes_nothing(host: Host, method: str) -> None:
    say(host, "subscribed")
    path = link(host.mailbox()[0])
    before = stored(host, "log", "profiles", "identifiers")
    answer = host.request(method, path)
    host.settle()
    assert 200 == answer.status
    assert (b"<form" in answer.body, b"bob" in answer.body) == (method == "GET", False)
    assert before == stored(host, "log", "profiles", "identifiers")
    assert "nobody" == marketing(host)


def test_a_confirmation_makes_the_address_say_yes_and_proves_the_visitor_history_included(host: Host) -> None:
    view(host)
    say(host, "subscribed", traits={"first_name": "Bob"})
    path = link(host.mailbox()[0])
    host.clock.advance("2h")
    assert 200 == press(host, path)
    view(host)
    profile = host.profile(MARK)
    assert profile
    assert {MARK, "anonymous_id:a1"} <= set(profile["identifiers"])
    assert ("subscribed", {"first_name": "Bob", "email": BOB}) == (profile["consent"]["marketing"], profile["traits"])
    said = profile["consent"]["statements"][MARK]
    assert (rfc3339(now()), None) == (said["subscribed"], said["refused"])
    assert {"Product Viewed": 2, "Consent Confirmed": 1} == {
        name: events(host).count(name) for name in ("Product Viewed", "Consent Confirmed")
    }


def test_a_confirmation_makes_the_visitor_a_customer_who_was_known_before(host: Host) -> None:
    host.segment("identify", identify(user="bob", email=BOB, first_name="Bob"))
    view(host)
    say(host, "subscribed", traits={"first_name": "Eve"})
    assert 200 == press(host, link(host.mailbox()[0]))
    profile = host.profile("user_id:bob")
    assert profile
    assert {MARK, "user_id:bob", "anonymous_id:a1"} <= set(profile["identifiers"])
    assert ("subscribed", "Bob") == (profile["consent"]["marketing"], profile["traits"]["first_name"])


def test_a_yes_without_a_device_proves_nobody_when_it_is_confirmed(host: Host) -> None:
    traits = {"email": BOB, "email_marketing_consent": "subscribed"}
    host.segment("identify", {"traits": traits, "userId": "eve"}, key="write_key")
    host.settle()
    assert 200 == press(host, link(host.mailbox()[0]))
    profile = host.profile(MARK)
    assert profile and [MARK] == profile["identifiers"]


def test_two_accounts_stay_two_people_when_one_confirms_on_the_device_of_the_other(host: Host) -> None:
    host.segment("identify", identify(user="bob", email=BOB))
    host.segment("identify", identify(user="eve", anonymous="a1", email="eve@x.org"))
    host.clock.advance("1m")
    say(host, "subscribed")
    assert 200 == press(host, link(host.mailbox()[0]))
    bob, eve = host.profile("user_id:bob"), host.profile("user_id:eve")
    assert bob and eve and bob["id"] != eve["id"]
    assert ("subscribed", "none") == (bob["consent"]["marketing"], eve["consent"]["marketing"])


def test_confirming_twice_is_one_event_and_takes_back_no_later_no(host: Host) -> None:
    say(host, "subscribed")
    path = link(host.mailbox()[0])
    assert [200, 200] == [press(host, path), press(host, path)]
    assert 1 == events(host).count("Consent Confirmed")
    host.clock.advance("1h")
    say(host, "unsubscribed", device="a2")
    assert b"<form" not in host.request("GET", path).body
    assert 200 == press(host, path)
    assert ("unsubscribed", 1) == (marketing(host), events(host).count("Consent Confirmed"))


def test_the_persons_own_click_is_a_newer_yes_than_a_no_before_it(host: Host) -> None:
    say(host, "subscribed")
    path = link(host.mailbox()[0])
    host.clock.advance("1h")
    say(host, "unsubscribed", device="a2")
    host.clock.advance("1h")
    assert "unsubscribed" == marketing(host)
    assert 200 == press(host, path)
    assert "subscribed" == marketing(host)


def test_whoever_did_not_ask_says_no_and_is_never_asked_again(host: Host) -> None:
    say(host, "subscribed")
    path = link(host.mailbox()[0])
    assert 200 == press(host, path, "action=refuse")
    assert ("unsubscribed", [MARK]) == (marketing(host), (host.profile(MARK) or {})["identifiers"])
    assert 200 == press(host, path)
    assert "unsubscribed" == marketing(host)
    for _ in range(3):
        host.clock.advance("25h")
        say(host, "subscribed")
    assert 1 == len(host.mailbox())


def test_a_form_that_says_something_else_changes_nothing(host: Host) -> None:
    say(host, "subscribed")
    assert 400 == press(host, link(host.mailbox()[0]), "action=subscribe")
    assert "nobody" == marketing(host)


def test_a_link_is_good_for_seven_days(host: Host) -> None:
    say(host, "subscribed")
    path = link(host.mailbox()[0])
    host.clock.advance("6d23h59m")
    assert 200 == host.request("GET", path).status
    host.clock.advance("1m")
    expired = host.request("GET", path)
    assert (410, 410) == (expired.status, press(host, path))
    assert b"b\xe2\x80\xa2" not in expired.body
    assert "nobody" == marketing(host)


def test_what_is_no_link_of_ours_is_told_nothing(host: Host) -> None:
    genuine = path_of(host)
    flipped = genuine[:-3] + ("A" if genuine[-3] != "A" else "B") + genuine[-2:]
    other = unsubscribe.seal(host.inner.secret(KEY), unsubscribe.Claims("p", BOB, "cart-recovery_1_1"))
    signing = confirmation.seal(host.inner.secret("signing-key"), Claims(MARK, "", now(), now() + LIFE))
    wrong = [
        flipped,
        f"/confirm/{other}",
        f"/confirm/c1.{other[3:]}",
        f"/confirm/{signing}",
        "/confirm/c1.",
        "/confirm/x",
    ]
    wrong += [path_of(host, address="user_id:ann"), path_of(host, device="user_id:ann"), path_of(host, expires="1")]
    answers = [(host.request("GET", path).status, press(host, path)) for path in wrong]
    assert [(404, 404)] * len(wrong) == answers
    assert 404 == host.request("GET", f"/u/{genuine.rpartition('/')[2]}").status
    assert "nobody" == marketing(host)


def test_a_link_made_with_the_key_before_the_current_one_still_confirms(host: Host) -> None:
    say(host, "subscribed")
    path, cloud = link(host.mailbox()[0]), host.inner.cloud
    place = cloud.environment["SECRET_LINK_KEY"]
    cloud.clients.get("secretsmanager").put_secret_value(SecretId=place, SecretString="next")
    host.clock.advance("10m")
    assert 200 == press(host, path)
    assert "subscribed" == marketing(host)


TEMPLATE = """
id: please-confirm
name: Please confirm
kind: transactional
subject: 'Welcome to {{ shop.name }}{{ first_name }}{{ email }}'
body: |
  <mj-section><mj-column><mj-text>Our own words {{ traits.company }}</mj-text>
  <mj-button href="{{ confirm_url }}">Yes</mj-button></mj-column></mj-section>
"""


def test_a_shop_has_its_own_words_and_even_these_show_nothing_of_the_stranger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPT_IN_TEMPLATE", "please-confirm")
    with opened(shipped=False) as host:
        assert host.publish("templates", "please-confirm", TEMPLATE).status == 200
        say(host, "subscribed", traits={"first_name": EVIL, "company": EVIL})
        (mail,) = host.mailbox()
        assert "Welcome to Corner Shop" == mail["subject"]
        assert "Our own words" in mail["text"]
        assert "evil" not in mail["text"] + mail["html"]
        assert 200 == press(host, link(mail))
        assert "subscribed" == marketing(host)


def test_words_without_the_link_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPT_IN_TEMPLATE", "please-confirm")
    with opened(shipped=False) as host:
        assert host.publish("templates", "please-confirm", TEMPLATE.replace("{{ confirm_url }}", "#")).status == 200
        say(host, "subscribed")
        assert [] == host.mailbox()
        (row,) = messages(host)
        assert "failed" == row["state"] and "confirm_url" in row["reason"]


def test_an_order_of_somebody_who_has_not_answered_is_no_yes(host: Host) -> None:
    say(host, "subscribed")
    host.webhook("orders/create", {**order(9001, ANN), "email": BOB})
    assert "subscribed" != marketing(host)
