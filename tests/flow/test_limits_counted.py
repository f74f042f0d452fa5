"""Whoever outgrows a row is counted, whichever function writes the row: alarms watch what is counted."""

import re
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from functions.core.profiles import bounds
from functions.core.segments.engine import thinning
from tests.flow.host import Host, opened
from tests.flow.shop import track

CARTS = (
    'id: {id}\nname: {id}\nannounce: true\nwhen: did "Product Viewed" then not "Order Completed" for 1 hour by {key}\n'
)


@pytest.fixture
def shop() -> Iterator[Host]:
    with opened(shipped=False) as host:
        publish(host, "left", "cart_id")
        yield host


def publish(host: Host, name: str, key: str) -> None:
    assert 200 == host.publish("segments", name, CARTS.format(id=name, key=key)).status


def views(host: Host, many: int) -> None:
    for number in range(many):
        event = track("Product Viewed", email="a@x.org", user="ann") | {"messageId": f"m{number}"}
        event["properties"] = {"cart_id": f"cart{number}", "product_id": f"product{number}"}
        assert 200 == host.segment("track", event).status
        host.settle()


def counted(name: str, capsys: pytest.CaptureFixture[str]) -> bool:
    return bool(re.search(rf'"{name}":\[', capsys.readouterr().out))


def test_a_state_that_fold_halves_is_counted(shop: Host, capsys: pytest.CaptureFixture[str]) -> None:
    views(shop, 3)
    assert not counted("ProfileStatesHalved", capsys)
    with patch.object(thinning, "MOST_BYTES", 60):
        views(shop, 6)
    assert counted("ProfileStatesHalved", capsys)


def test_a_state_that_a_backfill_halves_is_counted(shop: Host, capsys: pytest.CaptureFixture[str]) -> None:
    views(shop, 6)
    with patch.object(thinning, "MOST_BYTES", 60):
        publish(shop, "looked", "product_id")
        shop.settle()
    assert counted("ProfileStatesHalved", capsys)


def test_a_state_that_a_wake_halves_is_counted(shop: Host, capsys: pytest.CaptureFixture[str]) -> None:
    views(shop, 6)
    with patch.object(thinning, "MOST_BYTES", 60):
        shop.clock.advance("2h")
    assert counted("ProfileStatesHalved", capsys)


def test_the_first_limit_that_a_person_reaches_is_counted_and_the_same_is_not_counted_again(
    shop: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    with patch.object(bounds, "MOST_TRAITS", 2):
        for number, expected in ((1, False), (3, True), (4, False)):
            traits = {f"trait{each}": "x" for each in range(number)}
            assert 200 == shop.segment("identify", {"userId": "ann", "traits": traits, "messageId": str(number)}).status
            shop.settle()
            assert expected == counted("ProfileLimitsReached", capsys)
