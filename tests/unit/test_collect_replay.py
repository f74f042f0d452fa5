"""Quarantine, replayed after a mapping was mended."""

import base64
from dataclasses import replace

import pytest

from functions.core.base.errors import NotUnderstood
from functions.core.base.translation import Request
from functions.settings import read
from functions.sources import SOURCES
from functions.usecases.collect import collect, request_of
from functions.usecases.replay import replay
from tests import requests
from tests.fakes import FakePorts
from tests.requests import NOW


def webhook(topic: str, body: bytes) -> Request:
    headers = {"x-shopify-topic": topic, "x-shopify-event-id": "e1", "x-shopify-hmac-sha256": requests.sign(body)}
    return Request(body, headers, "", NOW, "EUR")


def test_what_is_understood_at_last_enters_the_log_and_leaves_quarantine() -> None:
    world, source = FakePorts(), SOURCES["shopify"]
    broken = replace(source, emit=lambda _request, _body: (_ for _ in ()).throw(NotUnderstood("no mapping")))
    request = webhook(
        "orders/create", b'{"id": 9007199254740993, "total_price": "1", "created_at": "2026-11-21T18:00:00Z"}'
    )
    SOURCES["shopify"] = broken
    try:
        assert 1 == collect(world.context, "shopify", request).quarantined
    finally:
        SOURCES["shopify"] = source
    (item,) = world.quarantine.of("shopify")
    assert 1 == replay(world.context, source, item).new
    assert ["order:9007199254740993"] == [event.natural for event in world.log.events]
    assert [] == world.quarantine.of("shopify")


def test_what_is_still_not_understood_stays() -> None:
    world, source = FakePorts(), SOURCES["shopify"]
    collect(world.context, "shopify", webhook("orders/create", b"[]"))
    (item,) = world.quarantine.of("shopify")
    with pytest.raises(NotUnderstood):
        replay(world.context, source, item)
    assert [item] == world.quarantine.of("shopify")


def test_a_message_about_nobody_stays_until_nobody_has_a_name() -> None:
    world, source = FakePorts(), SOURCES["segment"]
    key = {"authorization": "Basic " + base64.b64encode(b"WK:").decode()}
    collect(world.context, "segment", Request(b'{"event":"E","userId":"null"}', key, "track", NOW, "EUR"))
    (item,) = world.quarantine.of("segment")
    with pytest.raises(NotUnderstood):
        replay(world.context, source, item)
    assert [item] == world.quarantine.of("segment")


@pytest.mark.parametrize("body", [b"", b"\xff\x00", "é".encode(), b" " * 900_000])
def test_a_request_comes_out_of_quarantine_as_it_went_in(body: bytes) -> None:
    world, request = FakePorts(), webhook("orders/create", body)
    collect(world.context, "shopify", request)
    (item,) = world.quarantine.of("shopify")
    kept = {name: value for name, value in request.headers.items() if "hmac" not in name}
    assert replace(request, headers=kept) == request_of(item, read({}))
