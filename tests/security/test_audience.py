"""Whom the audience API tells what, row by row of the trust table: a device is told of itself, a person by a signature.

What the page is told of a visitor must never say more than the page, or whoever has its key, has proven.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from functions.core.definitions.ruleset import load
from functions.settings import read
from functions.usecases import erase
from tests.api_document import validate
from tests.fakes.definitions import FakeDefinitions
from tests.flow.in_memory_app import SETTINGS
from tests.requests import NOW, gateway, segment
from tests.security.in_process import Shop, doors_of

VIEWED = 'did "Product Viewed"'
BOUGHT = 'did "Order Completed"'
SEGMENTS = {
    "looked": f"id: looked\naudience: visitor\nwhen: {VIEWED}\n",
    "customer": f"id: customer\naudience: visitor\nwhen: {BOUGHT}\n",
    "vip": f"id: vip\naudience: person\nwhen: {BOUGHT}\n",
    "watched": f"id: watched\nwhen: {VIEWED}\n",
    "lately": f"id: lately\naudience: visitor\nwhen: {VIEWED} within 1 minute\n",
}


class Told(NamedTuple):
    """An answer of the audience API."""

    status: int
    value: Any
    headers: dict[str, str]

    @property
    def segments(self) -> list[str]:
        assert 200 == self.status, self.value
        return [each["id"] for each in self.value["segments"]]


def new_shop(**settings: str) -> Shop:
    places = {**SETTINGS, "SECRET_SIGNING_KEY": "signing-key"}
    shop = Shop(now=NOW, definitions=FakeDefinitions(), ruleset=load(()), settings=read({**places, **settings}))
    for name, text in SEGMENTS.items():
        shop.publish_text("segments", name, text)
    return shop


@pytest.fixture
def shop() -> Iterator[Shop]:
    with doors_of(new_shop()) as opened:
        yield opened


def ask(shop: Shop, *, client: str = "198.51.100.1", method: str = "GET", **query: str) -> Told:
    """The audience of whom the query names, by default with the public key; every answer is as it is documented."""
    event = gateway(method, "/v1/audience")
    event["rawQueryString"] = urlencode({"writeKey": "WK", **query})
    event["requestContext"]["http"]["sourceIp"] = client
    status, body, headers = shop.ask(event)
    value = json.loads(body)
    validate(method, "/v1/audience", status, value)
    assert "*" == headers["access-control-allow-origin"]
    return Told(status, value, headers)


def send(shop: Shop, path: str, key: str = "WK", **message: Any) -> None:
    status, body, _ = shop.ask(segment(path, message, key))
    assert 200 == status, body
    shop.settle()


def browse(shop: Shop, device: str = "a1", **more: Any) -> None:
    send(shop, "track", anonymousId=device, event="Product Viewed", **more)


def ann(shop: Shop, **more: Any) -> None:
    """A customer of whom the shop's server has told."""
    send(shop, "identify", "SK", userId="ann", traits={"email": "ann@x.org"}, **more)
    send(shop, "track", "SK", userId="ann", event="Order Completed", properties={"order_id": "1", "total": 9})


def signed(user: str, key: str = "IK") -> str:
    return hmac.new(key.encode(), user.encode(), hashlib.sha256).hexdigest()


# ---- the key


@pytest.mark.parametrize("key", ["", "nobody's", "SK", "IK"], ids=["none", "wrong", "server key", "identity key"])
def test_without_the_public_key_nothing_is_told_and_nobody_is_told_apart(shop: Shop, key: str) -> None:
    browse(shop)
    known, unknown = (ask(shop, writeKey=key, anonymousId=device) for device in ("a1", "nobody"))
    assert 401 == known.status
    assert known == unknown


def test_the_key_is_taken_in_the_query_and_as_sdks_send_it_and_during_a_rotation(shop: Shop) -> None:
    browse(shop)
    event = segment("audience", b"", "WK")
    event |= {"rawQueryString": "anonymousId=a1"}
    event["requestContext"]["http"]["method"] = "GET"
    assert 200 == shop.ask(event)[0]
    assert ["lately", "looked"] == ask(shop, writeKey="WK-before", anonymousId="a1").segments


# ---- a visitor


def test_a_visitor_is_told_of_what_it_did_in_segments_that_are_open_and_of_no_other(shop: Shop) -> None:
    browse(shop)
    told = ask(shop, anonymousId="a1")
    until = "2026-11-21T19:13:00Z"
    assert {"segments": [{"id": "lately", "until": until}, {"id": "looked", "until": None}]} == told.value
    assert "private, max-age=10" == told.headers["cache-control"]


def test_a_membership_ends_on_its_second_though_nothing_was_stored_since(shop: Shop) -> None:
    browse(shop)
    shop.now = NOW + 55
    soon = ask(shop, anonymousId="a1")
    assert (["lately", "looked"], "private, max-age=4") == (soon.segments, soon.headers["cache-control"])
    shop.now = NOW + 60
    assert ["looked"] == ask(shop, anonymousId="a1").segments


def test_nobody_is_answered_as_somebody_who_is_in_nothing(shop: Shop) -> None:
    send(shop, "track", anonymousId="a1", event="Page Left")
    assert ask(shop, anonymousId="a1") == ask(shop, anonymousId="nobody")
    assert {"segments": []} == ask(shop, anonymousId="nobody").value


@pytest.mark.parametrize("name", ["undefined", "null", "00000000-0000-0000-0000-000000000000", " "])
def test_what_programs_write_for_no_value_is_nobody(shop: Shop, name: str) -> None:
    assert {"segments": []} == ask(shop, anonymousId=name).value


@pytest.mark.parametrize("claim", [{"userId": "ann"}, {"traits": {"email": "ann@x.org"}}], ids=["account", "address"])
def test_a_claim_of_a_person_is_told_nothing_of_the_person(shop: Shop, claim: dict[str, Any]) -> None:
    ann(shop)
    send(shop, "identify", anonymousId="thief", **claim)
    assert [] == ask(shop, anonymousId="thief").segments


# ---- a device that was proven to be a person's


def test_a_login_that_the_server_tells_opens_what_a_device_may_know_and_no_more(shop: Shop) -> None:
    ann(shop)
    browse(shop)
    send(shop, "identify", "SK", anonymousId="a1", userId="ann")
    assert ["customer", "lately", "looked"] == ask(shop, anonymousId="a1").segments


def test_a_signature_with_an_event_opens_the_same(shop: Shop) -> None:
    ann(shop)
    send(shop, "identify", anonymousId="a1", userId="ann", traits={"user_hash": signed("ann")})
    assert ["customer"] == ask(shop, anonymousId="a1").segments


def test_devices_of_one_person_are_told_the_same(shop: Shop) -> None:
    for device in ("phone", "laptop"):
        send(shop, "identify", "SK", anonymousId=device, userId="ann")
    browse(shop, "phone")
    assert ["lately", "looked"] == ask(shop, anonymousId="laptop").segments


def test_a_device_that_passed_to_somebody_else_is_told_of_them(shop: Shop) -> None:
    ann(shop, anonymousId="a1")
    shop.now += 60
    send(shop, "identify", "SK", anonymousId="a1", userId="ben")
    assert [] == ask(shop, anonymousId="a1").segments


# ---- a named person


WITHOUT_PROOF = {
    "no signature": {},
    "an empty one": {"user_hash": ""},
    "another user's": {"user_hash": signed("ben")},
    "one by the public key": {"user_hash": signed("ann", "WK")},
    "no hash at all": {"user_hash": "é" * 64},
}


@pytest.mark.parametrize("proof", WITHOUT_PROOF.values(), ids=WITHOUT_PROOF)
def test_a_person_is_not_told_of_without_a_signature_and_not_told_apart_from_nobody(
    shop: Shop, proof: dict[str, str]
) -> None:
    ann(shop, anonymousId="a1")
    known, unknown = ask(shop, userId="ann", anonymousId="a1", **proof), ask(shop, userId="nobody", **proof)
    assert 401 == known.status
    assert known == unknown
    assert "user_hash" == known.value["faults"][0]["where"]


def test_whoever_proves_to_be_the_person_is_told_what_a_device_is_not(shop: Shop) -> None:
    ann(shop)
    told = ask(shop, userId="ann", user_hash=signed("ann").upper(), anonymousId="anything")
    assert ["customer", "vip"] == told.segments


def test_a_proven_person_whom_we_do_not_know_is_nobody(shop: Shop) -> None:
    browse(shop)
    assert [] == ask(shop, userId="new", user_hash=signed("new"), anonymousId="a1").segments


def test_a_new_identity_key_is_taken_at_once(shop: Shop) -> None:
    ann(shop)
    assert ["customer", "vip"] == ask(shop, userId="ann", user_hash=signed("ann")).segments
    shop.secrets.rotate("identity-key", "IK2")
    assert ["customer", "vip"] == ask(shop, userId="ann", user_hash=signed("ann", "IK2")).segments


# ---- who is not there any more, or not yet


def test_whoever_was_erased_is_nobody(shop: Shop) -> None:
    ann(shop, anonymousId="a1")
    assert ["customer"] == ask(shop, anonymousId="a1").segments
    erase.erase_people(shop.context, ("user_id:ann",))
    for who in ({"anonymousId": "a1"}, {"userId": "ann", "user_hash": signed("ann")}):
        assert {"segments": []} == ask(shop, **who).value


def test_whoever_wants_no_mail_sees_the_page_as_before(shop: Shop) -> None:
    ann(shop, anonymousId="a1")
    send(shop, "identify", userId="ann", anonymousId="a1", traits={"email_marketing_consent": "unsubscribed"})
    assert ["customer"] == ask(shop, anonymousId="a1").segments


def test_a_visitor_without_a_profile_is_nobody() -> None:
    with doors_of(new_shop(PUBLIC_PROFILES_PER_DAY="0")) as shop:
        browse(shop)
        assert {"segments": []} == ask(shop, anonymousId="a1").value


def test_a_device_that_everybody_uses_is_nobodys(shop: Shop) -> None:
    send(shop, "identify", "SK", anonymousId="kiosk", userId="ann")
    browse(shop, "kiosk")
    assert ["lately", "looked"] == ask(shop, anonymousId="kiosk").segments
    pointer = shop.people.pointers["anonymous_id:kiosk"]
    shop.people.pointers["anonymous_id:kiosk"] = pointer._replace(public=True)
    assert [] == ask(shop, anonymousId="kiosk").segments


# ---- what is asked


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("writeKey=WK", "anonymousId"),
        ("writeKey=WK&anonymousId=" + "a" * 513, "anonymousId"),
        ("writeKey=WK&anonymousId=a1&anonymousId=a2", "anonymousId"),
        (f"writeKey=WK&userId=a&userId=b&user_hash={signed('a')}", "userId"),
    ],
)
def test_a_question_that_is_none_is_refused_with_its_place(shop: Shop, query: str, where: str) -> None:
    status, body, _ = shop.ask(gateway("GET", "/v1/audience") | {"rawQueryString": query})
    assert (400, [where]) == (status, [fault["where"] for fault in json.loads(body)["faults"]])


def test_asking_writes_nothing(shop: Shop) -> None:
    browse(shop)
    before = shop.written, dict(shop.people.states), dict(shop.people.pointers), shop.formats.number
    ask(shop, anonymousId="a1")
    ask(shop, anonymousId="nobody")
    ask(shop, userId="ann", user_hash=signed("ann"))
    assert before == (shop.written, dict(shop.people.states), dict(shop.people.pointers), shop.formats.number)


def test_another_method_is_told_which_is_right(shop: Shop) -> None:
    told = ask(shop, method="POST", anonymousId="a1")
    assert (405, "GET") == (told.status, told.headers["allow"])


# ---- floods


def test_a_flood_of_an_address_and_of_a_visitor_is_told_to_wait() -> None:
    bounds = {"PUBLIC_REQUESTS_PER_MINUTE": "6", "VISITOR_REQUESTS_PER_MINUTE": "3"}
    with doors_of(new_shop(**bounds)) as shop:
        of_a_visitor = [ask(shop, anonymousId="a1", client=f"198.51.100.{number}").status for number in range(5)]
        assert [200, 200, 200, 429, 429] == of_a_visitor
        of_an_address = [ask(shop, anonymousId=f"b{number}", client="203.0.113.9") for number in range(7)]
        assert [200] * 6 + [429] == [each.status for each in of_an_address]
        shop.now += int(of_an_address[-1].headers["retry-after"])
        assert 200 == ask(shop, anonymousId="b7", client="203.0.113.9").status


def test_guesses_of_signatures_count_for_the_address() -> None:
    with doors_of(new_shop(PUBLIC_REQUESTS_PER_MINUTE="3")) as shop:
        guesses = [ask(shop, userId="ann", user_hash=f"{number:064x}").status for number in range(5)]
        assert [401, 401, 401, 429, 429] == guesses
