"""Whoever has the key of the shop's page can make up visitors without end, and profiles of some of them a day."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from functions.usecases.erase import erase_people
from tests.flow.host import Host, opened
from tests.flow.shop import read
from tests.flow.test_last_look import NEWCOMERS, WELCOME
from tests.flow.told_shop import ANN as ANNS_ADDRESS
from tests.flow.told_shop import DAY, START, ToldShop

DEVICE, ACCOUNT = "anonymous_id:d1", "user_id:7"
CART = "84ad78572dae52a8cbea7d55371afe89"
VIEWED = 'id: viewed\nname: Viewed\nwhen: did "Product Viewed" at least 2 times\n'


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host on which the public may make three profiles a day."""
    monkeypatch.setenv("PUBLIC_PROFILES_PER_DAY", "3")
    with opened(shipped=False) as host:
        assert host.publish("segments", "viewed", VIEWED).status == 200
        yield host


def view(host: Host, device: str, key: str = "write_key", **more: Any) -> None:
    body = {"event": "Product Viewed", "anonymousId": device, **more}
    assert host.segment("track", body, key=key).status == 200


def profiles(host: Host) -> int:
    """How many profiles there are: rows of the part "state" that were not merged into another."""
    host.settle()
    rows = host.inner.rows("profiles", 10_000)
    return sum(row["part"] == {"S": "state"} and "m" not in row for row in rows)


def crowd(host: Host, begin: int = 0, many: int = 10) -> None:
    for number in range(begin, begin + many):
        view(host, f"crowd{number}")


def test_no_more_visitors_a_day_have_a_profile_than_the_public_may_ask_for(full: Host) -> None:
    crowd(full)
    assert 3 == profiles(full)
    assert 10 == len(full.inner.rows("log", 100))
    assert full.profile("anonymous_id:crowd9") is None
    crowd(full)
    assert 3 == profiles(full)
    full.clock.advance("24h")
    crowd(full, 100)
    assert 6 == profiles(full)


def test_one_device_that_claims_many_accounts_makes_no_more_profiles_than_that(full: Host) -> None:
    for number in range(30):
        view(full, "one", userId=f"u{number}")
        full.settle()
    assert 1 <= profiles(full) <= 3


def test_many_devices_that_name_one_cart_make_no_more_profiles_than_that(full: Host) -> None:
    for number in range(12):
        view(full, f"cart{number}", userId=f"u{number}", properties={"cart_id": CART})
        full.settle()
    assert profiles(full) <= 3


def test_whoever_was_refused_is_counted(full: Host, capsys: pytest.CaptureFixture[str]) -> None:
    crowd(full, many=3)
    full.settle()
    assert not re.search(r'"PublicProfilesRefused":\[', capsys.readouterr().out)
    crowd(full, 3, 2)
    full.settle()
    assert re.search(r'"PublicProfilesRefused":\[', capsys.readouterr().out)


def test_a_known_person_and_whatever_a_server_or_a_storefront_tells_are_never_held(full: Host) -> None:
    view(full, "known")
    full.settle()
    crowd(full)
    view(full, "known")
    full.settle()
    for number in range(5):
        view(full, f"s{number}", key="server_key")
        full.segment("identify", {"userId": f"new{number}", "traits": {"email": f"n{number}@x.org"}})
    assert 3 + 10 == profiles(full)
    known = full.profile("anonymous_id:known")
    assert known and ["viewed"] == [each["id"] for each in known["segments"]]


@pytest.mark.parametrize(
    "message",
    [
        {"userId": "7", "anonymousId": "d1"},
        {"userId": "7", "event": "Cart Viewed", "properties": {"cart_id": CART}},
    ],
    ids=["by a login", "by the cart"],
)
def test_a_held_visitor_who_is_proven_has_the_whole_history(full: Host, message: dict[str, Any]) -> None:
    crowd(full, many=3)
    full.settle()
    view(full, "d1", properties={"cart_id": CART})
    full.settle()
    view(full, "d1")
    assert full.profile(DEVICE) is None
    full.clock.advance("40d")
    crowd(full, 50)
    assert full.segment("track" if "event" in message else "identify", message).status == 200
    person = full.profile(ACCOUNT)
    assert person and {DEVICE, ACCOUNT} < set(person["identifiers"])
    assert ["viewed"] == [each["id"] for each in person["segments"]]
    events = read(full.api("GET", f"profiles/{person['id']}/events"))["events"]
    assert 2 == sum(event["name"] == "Product Viewed" for event in events)


def test_a_held_visitor_who_comes_again_on_another_day_has_the_whole_history(full: Host) -> None:
    crowd(full, many=3)
    full.settle()
    view(full, "d1")
    assert full.profile(DEVICE) is None
    full.clock.advance("24h")
    view(full, "d1")
    person = full.profile(DEVICE)
    assert person and ["viewed"] == [each["id"] for each in person["segments"]]


def test_nothing_is_left_of_a_held_visitor_who_is_erased() -> None:
    shop = ToldShop(PUBLIC_PROFILES_PER_DAY="0")
    shop.tell("Product Viewed", DEVICE, f"shopify_cart:{CART}", trust="public")
    assert DEVICE in shop.people.pointers
    assert 1 == erase_people(shop.context, [f"shopify_cart:{CART}"]).events
    assert ({}, {}, []) == (shop.people.pointers, shop.people.attributes, shop.log.events)


def test_the_erasure_of_the_shop_takes_held_visitors_too(full: Host) -> None:
    crowd(full)
    full.settle()
    full.webhook("shop/redact", {"shop_id": 1, "shop_domain": "corner-shop.myshopify.com"})
    full.settle()
    answer = full.api("POST", "erasures/shop", json.dumps({"confirm": "corner-shop.myshopify.com"}).encode())
    assert answer.status < 300, answer.body
    full.clock.advance("1h")
    for table in ("log", "identifiers", "profiles"):
        assert [] == full.inner.rows(table, 1000), table


def test_the_last_look_finds_what_is_held_of_a_visitor_whom_an_unfolded_login_joins() -> None:
    """The visitor of Ann's device bought 40 days ago, longer ago than anything that is on its way."""
    shop = ToldShop(WELCOME, needed=(("segments", NEWCOMERS),), PUBLIC_PROFILES_PER_DAY="0")
    shop.tell("Order Completed", DEVICE, ago=40 * DAY, trust="public")
    shop.tell("Signed Up", ANNS_ADDRESS)
    shop.stalled = True
    shop.tell("Identified", ANNS_ADDRESS, DEVICE)
    shop.to(START + DAY)
    assert ([], ["left newcomers"]) == ([mail.to for mail in shop.mails], shop.outcomes())
