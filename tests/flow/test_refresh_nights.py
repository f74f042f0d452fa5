"""A night in the host: borders come at 03:00 UTC, and people move into their segments by them."""

import json

import pytest

from functions.core.base import rfc3339
from tests.flow.host import Host

DAY = 86_400
BEST = "id: best\nname: Best\nannounce: true\nwhen: rfm monetary >= 5\n"


def buy(host: Host, who: str, number: int, total: float) -> None:
    order = {"order_id": f"{who}-{number}", "total": total, "currency": "EUR"}
    call = {"userId": who, "event": "Order Completed", "messageId": f"{who}-{number}", "properties": order}
    assert host.segment("track", call).status == 200


def next_night(host: Host) -> str:
    """Three in the morning, UTC."""
    now = host.clock()
    return rfc3339.text(now - (now - 3 * 3600) % DAY + DAY)


def profile(host: Host, number: int) -> str:
    found = host.profile(f"user_id:customer-{number}")
    assert found
    return str(found["id"])


@pytest.fixture
def shop(bare: Host) -> Host:
    bare.publish("segments", "best", BEST)
    for number in range(50):
        buy(bare, f"customer-{number}", 1, 10 * (number + 1))
    bare.settle()
    return bare


def test_the_night_draws_the_borders_and_places_everybody(shop: Host) -> None:
    refresh_run = next_night(shop)
    shop.clock.to(rfc3339.text(rfc3339.parse(refresh_run, "") - 1))
    assert [] == shop.members("best")
    shop.clock.to(refresh_run)
    best = {profile(shop, number) for number in range(40, 50)}
    assert best == set(shop.members("best"))
    buy(shop, "customer-0", 2, 500)
    assert best | {profile(shop, 0)} == set(shop.members("best"))
    shop.clock.advance("24h")
    assert 10 == len(shop.members("best"))


def test_two_months_of_nights_changes_nothing_when_nothing_happens(shop: Host) -> None:
    shop.clock.to(next_night(shop))
    versions = json.loads(shop.api("GET", "segments").body)
    shop.clock.advance("60d")
    assert versions == json.loads(shop.api("GET", "segments").body)
    assert 10 == len(shop.members("best"))
    assert not any(shop.inner.scheduler.waiting().values())
