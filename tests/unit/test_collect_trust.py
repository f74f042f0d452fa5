"""Whose word an event is: the key that a request comes with says how its sender proved itself."""

import pytest

from functions.core.base.trust import Trust
from tests import requests
from tests.fakes import FakePorts
from tests.requests import Send

MESSAGE = {"anonymousId": "device-1", "event": "Product Viewed", "messageId": "m1"}


@pytest.mark.parametrize(("key", "trust"), [("WK", "public"), ("WK-before", "public"), ("SK", "signed")])
def test_an_event_carries_the_trust_of_the_key_it_came_with(
    fakes: FakePorts, send: Send, key: str, trust: Trust
) -> None:
    assert 200 == send(requests.segment("track", MESSAGE, key=key))[0]
    assert [trust] == [event.trust for event in fakes.log.read("anonymous_id:device-1")]


def test_a_message_in_quarantine_keeps_its_trust_when_it_is_taken_again(fakes: FakePorts, send: Send) -> None:
    assert 200 == send(requests.segment("track", {**MESSAGE, "anonymousId": "undefined"}, key="WK"))[0]
    (item,) = fakes.quarantine.of("segment")
    assert "public" == item.headers["segue-trust"]
