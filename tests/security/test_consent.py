"""A no stands: what strangers, repetitions and old statements can do to somebody's consent and address."""

import re
from typing import Any

import pytest

from tests.flow.host import URL, Host
from tests.flow.shop import ANN, Person, checkout, customer, identify, read

MARK = f"email:{ANN.email}"


def leave(host: Host, token: str, person: Person = ANN) -> None:
    host.webhook("checkouts/create", checkout(f"ch-{token}", person, cart=token))


def answer(host: Host) -> str:
    return (host.profile(MARK) or {})["consent"]["marketing"]


def click(host: Host, mail: dict[str, Any], action: str) -> None:
    found = re.fullmatch(rf"<{re.escape(URL)}(/u/[^>]+)>", mail["headers"]["List-Unsubscribe"])
    assert found
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert 200 == host.request("POST", found[1], action.encode(), form).status
    host.clock.advance("1m")


@pytest.fixture
def mail(host: Host) -> dict[str, Any]:
    """Ann's first reminder."""
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    leave(host, "c1")
    host.clock.advance("1h")
    return host.mailbox()[0]


def public(traits: dict[str, Any], **names: str) -> dict[str, Any]:
    return {"anonymousId": "thrown-away", **names, "traits": traits}


def undated(**more: Any) -> dict[str, Any]:
    body = customer(ANN, consent="subscribed")
    body["email_marketing_consent"]["consent_updated_at"] = None
    return {**body, **more}


def test_an_update_that_only_adds_a_tag_does_not_turn_a_one_click_no_back(host: Host, mail: dict[str, Any]) -> None:
    click(host, mail, "List-Unsubscribe=One-Click")
    host.webhook("customers/update", undated(tags="vip"))
    host.clock.advance("1h")
    host.webhook("customers/update", undated(tags="vip, early"))
    assert "unsubscribed" == answer(host)


def test_an_undated_yes_counts_where_nobody_said_anything_else(host: Host) -> None:
    host.webhook("customers/create", undated())
    assert "subscribed" == answer(host)


def test_a_trait_that_a_page_repeats_at_login_does_not_turn_a_one_click_no_back(
    host: Host, mail: dict[str, Any]
) -> None:
    click(host, mail, "List-Unsubscribe=One-Click")
    said = {"email": ANN.email, "email_marketing_consent": "subscribed"}
    host.segment("identify", public(said, userId="u-1"), key="write_key")
    assert "unsubscribed" == answer(host)
    leave(host, "c2")
    host.clock.advance("2d")
    assert 1 == len(host.mailbox())


def test_a_strangers_yes_brings_nobody_marketing(host: Host) -> None:
    host.segment("identify", public({"email": ANN.email, "email_marketing_consent": "subscribed"}), key="write_key")
    leave(host, "c1")
    host.clock.advance("2d")
    assert [] == [mail for mail in host.mailbox() if "/u/" in mail["text"]]


def test_a_no_of_anybody_for_an_address_counts_at_once(host: Host, mail: dict[str, Any]) -> None:
    host.clock.advance("23h59m")
    host.inner.cloud.clock.move(host.clock() + 60)
    host.segment("identify", public({"email": ANN.email, "email_marketing_consent": "unsubscribed"}), key="write_key")
    host.settle()
    host.clock.advance("2h")
    assert [mail["id"]] == [each["id"] for each in host.mailbox()]
    assert "unsubscribed" == answer(host)


def test_a_no_for_an_address_that_nobody_knows_yet_holds_when_it_becomes_known(host: Host) -> None:
    said = {"email": ANN.email, "email_marketing_consent": "unsubscribed"}
    early = customer(ANN, consent="subscribed")
    host.clock.advance("1h")
    host.segment("identify", public(said), key="write_key")
    host.clock.advance("1h")
    host.webhook("customers/create", early)
    assert "unsubscribed" == answer(host)


def test_a_strangers_no_gives_way_to_the_persons_own_later_yes(host: Host, mail: dict[str, Any]) -> None:
    host.segment("identify", public({"email": ANN.email, "email_marketing_consent": "unsubscribed"}), key="write_key")
    host.clock.advance("1m")
    assert "unsubscribed" == answer(host)
    click(host, mail, "action=subscribe")
    assert "subscribed" == answer(host)


def test_a_strangers_no_says_nothing_else_of_the_person(host: Host, mail: dict[str, Any]) -> None:
    before = host.profile(MARK)
    said = {"email": ANN.email, "email_marketing_consent": "unsubscribed", "first_name": "Evil", "shoe": 42}
    host.segment("identify", public(said), key="write_key")
    after = host.profile(MARK)
    assert before and after
    assert before["traits"]["first_name"] == after["traits"]["first_name"]


def test_mail_goes_to_the_address_that_the_storefront_named_and_not_to_one_that_a_page_named(host: Host) -> None:
    host.webhook("customers/create", customer(ANN, consent="subscribed"))
    host.segment("identify", identify(user="u-1", email=ANN.email))
    host.clock.advance("1m")
    host.segment("identify", public({"email": "thief@evil.example"}, userId="u-1"), key="write_key")
    leave(host, "c1")
    host.clock.advance("2h")
    assert {ANN.email} == {mail["to"] for mail in host.mailbox()}


def test_the_profile_says_what_its_consent_follows_from(host: Host, mail: dict[str, Any]) -> None:
    click(host, mail, "List-Unsubscribe=One-Click")
    consent = read(host.api("GET", f"profiles?identifier={MARK}"))["consent"]
    assert "unsubscribed" == consent["identifiers"][MARK]
    assert consent["statements"][MARK]["subscribed"] < consent["statements"][MARK]["unsubscribed"]
