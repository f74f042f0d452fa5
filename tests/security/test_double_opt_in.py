"""A yes under the key of the shop's page: one e-mail of the shop's words, and what the answer to it proves."""

import json
import re
from typing import Any

import pytest

from functions.core.messages import confirmation, unsubscribe
from functions.core.messages.confirmation import DAY, KEY, LIFE, Claims
from local.runtime.clock import now, rfc3339
from local.runtime.lambda_events import LocalRequest
from tests.flow.host import SHOP_DOMAIN, URL, Host, opened
from tests.flow.shop import ANN, identify, order

BOB = "bob@x.org"
MARK = f"email:{BOB}"
EVIL = "Click http://evil.example now"
FORM = {"content-type": "application/x-www-form-urlencoded"}


def say(host: Host, answer: str, email: str = BOB, device: str = "a1", **more: Any) -> None:
    traits = {"email": email, "email_marketing_consent": answer, **more.pop("traits", {})}
    taken = host.segment("identify", {"anonymousId": device, "traits": traits, **more}, key="write_key")
    assert taken.status == 200, taken.body
    host.settle()


def view(host: Host, device: str = "a1") -> None:
    viewed = {"anonymousId": device, "event": "Product Viewed", "properties": {"product_id": "p1"}}
    assert host.segment("track", viewed, key="write_key").status == 200
    host.settle()


def link(mail: dict[str, Any]) -> str:
    """The path of the one link in the e-mail."""
    in_html = re.findall(r"(?:href|src)=\"([^\"]+)\"", mail["html"])
    (only,) = {*re.findall(r"https?://\S+", mail["text"]), *in_html}
    assert only.startswith(f"{URL}/confirm/")
    return only.removeprefix(URL)


def path_of(host: Host, **claims: Any) -> str:
    """The path of a link with these claims, made with the key of links."""
    asked = claims.pop("asked", now())
    whole = {"address": MARK, "device": "anonymous_id:a1", "asked": asked, "expires": asked + LIFE, **claims}
    return f"/confirm/{confirmation.seal(host.inner.secret(KEY), Claims(**whole))}"


def press(host: Host, path: str, body: str = "action=confirm") -> int:
    status = host.request("POST", path, body.encode(), FORM).status
    host.settle()
    return status


def marketing(host: Host, identifier: str = MARK) -> str:
    return (host.profile(identifier) or {"consent": {"marketing": "nobody"}})["consent"]["marketing"]


def erase(host: Host) -> None:
    customer = {"id": 9_007_199_254_741_000, "email": BOB}
    body = {"shop_domain": SHOP_DOMAIN, "customer": customer, "orders_to_redact": []}
    assert host.webhook("customers/redact", body).status == 200
    host.settle()


def events(host: Host, identifier: str = MARK) -> list[str]:
    profile = host.profile(identifier)
    assert profile
    return [event["name"] for event in json.loads(host.api("GET", f"profiles/{profile['id']}/events").body)["events"]]


def messages(host: Host) -> list[dict[str, Any]]:
    return json.loads(host.api("GET", "messages").body)["messages"]


def stored(host: Host, *tables: str) -> str:
    return json.dumps([host.inner.rows(table, 1000) for table in tables], default=str)


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


def bounced(host: Host) -> None:
    say(host, "subscribed")
    host.local("POST", f"mailbox/{host.mailbox()[0]['id']}/bounce")


def complained(host: Host) -> None:
    say(host, "subscribed")
    host.local("POST", f"mailbox/{host.mailbox()[0]['id']}/complaint")


def refused(host: Host) -> None:
    host.segment("identify", identify(user="bob", email=BOB, consent="unsubscribed"))


def refused_by_account(host: Host) -> None:
    host.segment("identify", identify(user="bob", email=BOB))
    host.segment("identify", identify(user="bob", consent="unsubscribed"))


def refused_elsewhere(host: Host) -> None:
    host.segment("identify", identify(user="bob", email=BOB))
    host.segment("identify", identify(user="bob", email="other@x.org", consent="unsubscribed"))


def consented(host: Host) -> None:
    host.segment("identify", identify(user="bob", email=BOB, consent="subscribed"))


def erased_after_a_no(host: Host) -> None:
    refused(host)
    host.settle()
    erase(host)


@pytest.mark.parametrize(
    "before", [bounced, complained, refused, refused_by_account, refused_elsewhere, consented, erased_after_a_no]
)
def test_whoever_has_answered_or_cannot_be_reached_is_not_asked(host: Host, before: Any) -> None:
    before(host)
    host.settle()
    already = len(host.mailbox())
    host.clock.advance("25h")
    say(host, "subscribed")
    assert already == len(host.mailbox())


def test_a_no_that_is_not_folded_yet_stops_the_mail(host: Host) -> None:
    batch = [
        {"type": "identify", "anonymousId": "a1", "traits": {"email": BOB, "email_marketing_consent": "subscribed"}},
    ]
    assert host.segment("batch", {"batch": batch}, key="write_key").status == 200
    host.segment("identify", identify(email=BOB, consent="unsubscribed"))
    host.settle()
    assert [] == host.mailbox()


def test_a_strangers_no_does_not_keep_the_person_from_signing_up(host: Host) -> None:
    say(host, "unsubscribed", device="stranger")
    host.clock.advance("1m")
    say(host, "subscribed")
    host.clock.advance("1m")
    assert 200 == press(host, link(host.mailbox()[0]))
    assert "subscribed" == marketing(host)


def test_whoever_was_erased_is_asked_only_for_a_yes_since(host: Host) -> None:
    host.segment("identify", identify(user="bob", email=BOB))
    host.clock.advance("1m")
    erase(host)
    host.settle()
    say(host, "subscribed", timestamp=rfc3339(now() - 60))
    assert [] == host.mailbox()
    host.clock.advance("1m")
    say(host, "subscribed", device="a2")
    assert 1 == len(host.mailbox())


def test_an_erasure_leaves_nothing_of_the_question(bare: Host) -> None:
    say(bare, "subscribed")
    assert 1 == len(messages(bare))
    assert BOB not in stored(bare, "messages")
    erase(bare)
    assert [] == messages(bare)


def test_that_the_mail_was_reached_and_opened_makes_nobody_of_the_address(host: Host) -> None:
    say(host, "subscribed")
    (mail,) = host.mailbox()
    for action in ("open", "click"):
        host.local("POST", f"mailbox/{mail['id']}/{action}")
    host.settle()
    assert host.profile(MARK) is None
    (row,) = messages(host)
    assert ("sent", mail["cause"]) == (row["state"], row["cause"])


def test_a_yes_of_two_days_ago_and_one_that_is_repeated_byte_for_byte_send_none(host: Host) -> None:
    traits = {"email": BOB, "email_marketing_consent": "subscribed"}
    old = {"anonymousId": "a1", "messageId": "m1", "timestamp": rfc3339(now() - 2 * DAY), "traits": traits}
    host.segment("identify", old, key="write_key")
    host.settle()
    assert [] == host.mailbox()
    young = {**old, "messageId": "m2", "timestamp": rfc3339(now())}
    for _ in range(2):
        host.segment("identify", young, key="write_key")
        host.settle()
        host.clock.advance("26h")
    assert 1 == len(host.mailbox())


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A host that asks three addresses an hour, and of one network address two a minute."""
    monkeypatch.setenv("OPT_IN_MAILS_PER_HOUR", "3")
    monkeypatch.setenv("OPT_IN_REQUESTS_PER_MINUTE", "2")
    with opened(shipped=False) as host:
        yield host


def from_(host: Host, client: str, *emails: str) -> int:
    said = [
        {
            "type": "identify",
            "anonymousId": f"d-{email}",
            "traits": {"email": email, "email_marketing_consent": "subscribed"},
        }
        for email in emails
    ]
    body = json.dumps({"batch": said, "writeKey": host.keys["write_key"]}).encode()
    status = host.inner.request(LocalRequest("POST", "/v1/batch", "", (), body, client)).status
    host.settle()
    return status


def test_a_network_address_that_says_yes_for_many_is_answered_429(limited: Host) -> None:
    answers = [from_(limited, "198.51.100.1", f"p{number}@x.org") for number in range(4)]
    assert [200, 200, 429, 429] == answers
    assert 200 == from_(limited, "198.51.100.2", "other@x.org")
    assert 400 == from_(limited, "198.51.100.3", "a@x.org", "b@x.org", "c@x.org")
    limited.clock.advance("1m")
    assert 200 == from_(limited, "198.51.100.1", "later@x.org")


def test_all_together_are_asked_no_more_than_the_hour_allows(limited: Host) -> None:
    assert {200} == {from_(limited, f"198.51.100.{number}", f"p{number}@x.org") for number in range(6)}
    assert 3 == len(limited.mailbox())
    assert 3 == len(messages(limited))
    limited.clock.advance("1h")
    assert 200 == from_(limited, "198.51.100.9", "p5@x.org")
    assert 4 == len(limited.mailbox())


def test_a_shop_that_wants_no_double_opt_in_asks_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOUBLE_OPT_IN", "no")
    with opened(shipped=False) as host:
        say(host, "subscribed")
        assert [] == host.mailbox()


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
