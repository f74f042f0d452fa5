"""The audience API through the whole local host: what Vanessa does on one device her page knows on another."""

import hashlib
import hmac
from typing import Any
from urllib.parse import urlencode

import pytest

from bench.units import Meter
from functions import wiring
from tests.flow.host import Host
from tests.flow.shop import read

OPEN = "id: {name}\naudience: {who}\nwhen: {when}\n"
LOOKED = 'did "Product Viewed" where category = "Necklaces" within 30 minutes'


@pytest.fixture
def shop(bare: Host) -> Host:
    for name, who, when in (("looked", "visitor", LOOKED), ("customer", "person", 'did "Order Completed"')):
        assert 200 == bare.publish("segments", name, OPEN.format(name=name, who=who, when=when)).status
    return bare


def told(host: Host, **who: str) -> list[str]:
    answer = host.request("GET", f"/v1/audience?{urlencode({'writeKey': host.keys['write_key'], **who})}")
    assert "*" == dict(answer.headers)["access-control-allow-origin"]
    return [each["id"] for each in read(answer)["segments"]]


def look(host: Host, device: str) -> None:
    viewed = {"anonymousId": device, "event": "Product Viewed", "properties": {"category": "Necklaces"}}
    assert 200 == host.segment("track", viewed, key="write_key").status
    host.settle()


def login(host: Host, device: str) -> None:
    assert 200 == host.segment("identify", {"userId": "vanessa", "anonymousId": device}).status
    host.settle()


def test_vanessa_is_the_same_on_each_device_that_she_has_logged_in_with(shop: Host) -> None:
    look(shop, "laptop")
    assert (["looked"], []) == (told(shop, anonymousId="laptop"), told(shop, anonymousId="phone"))
    login(shop, "laptop")
    login(shop, "phone")
    assert ["looked"] == told(shop, anonymousId="phone")
    order: dict[str, Any] = {"order_id": "1", "total": 90}
    shop.segment("track", {"userId": "vanessa", "event": "Order Completed", "properties": order})
    shop.settle()
    assert ["looked"] == told(shop, anonymousId="phone")
    signed = hmac.new(shop.keys["identity_key"].encode(), b"vanessa", hashlib.sha256).hexdigest()
    assert ["customer", "looked"] == told(shop, userId="vanessa", user_hash=signed)
    shop.clock.advance("30m")
    assert ([], ["customer"]) == (told(shop, anonymousId="phone"), told(shop, userId="vanessa", user_hash=signed))


def _reads(host: Host, meter: Meter, device: str) -> tuple[int, float]:
    """Round trips for the people of one question, and their read units."""
    meter.clear()
    told(host, anonymousId=device)
    return meter.calls["dynamodb", "BatchGetItem"], meter.reads["identifiers"] + meter.reads["profiles"]


def test_a_visitor_takes_one_read_and_a_person_of_several_devices_one_more_for_each_merge(shop: Host) -> None:
    look(shop, "laptop")
    # The first question of a process asks for the definitions, the format and the keys too.
    wiring.reset()
    meter = Meter(wiring.clients().session, shop.inner.cloud.clients.get("dynamodb"))
    told(shop, anonymousId="laptop")
    assert (1, 1.0) == _reads(shop, meter, "laptop")
    for device in ("phone", "laptop"):
        login(shop, device)
    # Under the laptop's own id lies the person. The phone leads to the account, which was merged into that.
    assert (1, 1.0) == _reads(shop, meter, "laptop")
    assert (3, 2.0) == _reads(shop, meter, "phone")
    assert (1, 1.0) == _reads(shop, meter, "nobody")
