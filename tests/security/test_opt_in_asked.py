"""Who is asked to confirm a public yes, and who is not: whoever answered, bounced, was erased, or is one too many."""

import json
from typing import Any

import pytest

from functions.core.messages.confirmation import DAY
from local.runtime.clock import now, rfc3339
from local.runtime.lambda_events import LocalRequest
from tests.flow.host import SHOP_DOMAIN, Host, opened
from tests.flow.shop import identify
from tests.security.opt_in import BOB, MARK, link, marketing, messages, press, say, stored


def erase(host: Host) -> None:
    customer = {"id": 9_007_199_254_741_000, "email": BOB}
    body = {"shop_domain": SHOP_DOMAIN, "customer": customer, "orders_to_redact": []}
    assert host.webhook("customers/redact", body).status == 200
    host.settle()


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
