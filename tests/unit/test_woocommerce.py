"""WooCommerce at the door: its ping, its secret, deliveries that share an id, and bodies under other topics."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from functions.core.base.errors import NotUnderstood
from functions.core.base.translation import Request, Translation
from functions.sources.woocommerce.entities import decoded
from functions.sources.woocommerce.topics import TOPICS, translate
from tests import requests
from tests.fakes import FakePorts
from tests.requests import Send

GOLDEN = Path(__file__).parent.parent / "golden" / "sources" / "woocommerce"
ORDER = {
    "id": 727,
    "order_key": "wc_order_1",
    "currency": "EUR",
    "status": "processing",
    "date_created_gmt": "2026-11-21T18:00:00",
    "billing": {"email": "ann@x.org"},
    "total": "10.00",
    "line_items": [],
}


def empty(fakes: FakePorts) -> bool:
    return not (fakes.log.events or fakes.quarantine.rows or fakes.products.rows or fakes.queues.sent)


@pytest.mark.parametrize("body", [b"webhook_id=12", b"webhook_id=1"])
def test_the_unsigned_ping_is_answered_200_and_nothing_is_kept_of_it(body: bytes, fakes: FakePorts, send: Send) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (200, {"success": True}) == send(requests.gateway("POST", "/hooks/woocommerce", body, form))
    assert empty(fakes)


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        ("/hooks/shopify", b"webhook_id=12", {}),
        ("/hooks/woocommerce", b"webhook_id=12", {"X-WC-Webhook-Signature": "guess"}),
        ("/hooks/woocommerce", b"webhook_id=12", {"X-WC-Webhook-Signature": ""}),
        ("/hooks/woocommerce", b"webhook_id=12&x=1", {}),
        ("/hooks/woocommerce", b"webhook_id=", {}),
        ("/hooks/woocommerce", b"webhook_id=12\n", {}),
        ("/hooks/woocommerce", b"", {}),
        ("/hooks/woocommerce", b'{"id": 1}', {"X-WC-Webhook-Topic": "order.created"}),
    ],
)
def test_nothing_else_is_taken_unsigned(
    path: str, body: bytes, headers: dict[str, str], fakes: FakePorts, send: Send
) -> None:
    assert (401, {"error": "unauthorized"}) == send(requests.gateway("POST", path, body, headers))
    assert empty(fakes)


@pytest.mark.parametrize(
    "stored", ["a&b'c\"<d>", "a&amp;b&#039;c&quot;&lt;d&gt;", "a&#x26;b&#39;c&#X22;&#060;d&#x003E;"]
)
def test_the_secret_may_be_kept_as_it_was_typed_or_as_wordpress_stores_it(
    stored: str, fakes: FakePorts, send: Send
) -> None:
    fakes.secrets.values["woocommerce"] = (stored,)
    assert 200 == send(requests.woocommerce("order.created", ORDER, secret="a&b'c\"<d>"))[0]
    assert 1 == len(fakes.log.events)


@pytest.mark.parametrize("secret", ["x&copy1", "&euro;", "&amp", "&#65;", "&#x41;", "&AMP;", "&amp;lt;", ""])
def test_only_what_wordpress_decodes_is_decoded_and_once(secret: str) -> None:
    assert {"&amp;lt;": "&lt;"}.get(secret, secret) == decoded(secret)


def test_an_empty_secret_signs_nothing(fakes: FakePorts, send: Send) -> None:
    fakes.secrets.values["woocommerce"] = ("",)
    assert 401 == send(requests.woocommerce("order.created", ORDER, secret=""))[0]


def test_two_deliveries_of_one_second_share_an_id_and_both_count(fakes: FakePorts, send: Send) -> None:
    for number in (727, 728):
        send(requests.woocommerce("order.created", {**ORDER, "id": number}, id="12", delivery_id="d1"))
    assert ["order:727", "order:728"] == sorted(str(event.natural) for event in fakes.log.events)


def test_a_body_that_is_sent_again_is_in_the_log_once_whatever_its_headers_say(fakes: FakePorts, send: Send) -> None:
    for webhook, delivery in (("12", "d1"), ("12", "d2"), ("13", "d2")):
        send(requests.woocommerce("order.created", ORDER, id=webhook, delivery_id=delivery))
    assert 1 == len(fakes.log.events)


def test_a_request_in_quarantine_is_known_by_webhook_delivery_and_body(fakes: FakePorts, send: Send) -> None:
    told = [("12", "d1", "{}"), ("12", "d1", "{}"), ("12", "d2", "{}"), ("13", "d2", "{}"), ("12", "d1", "[]")]
    for webhook, delivery, body in told:
        send(requests.woocommerce("order.created", body.encode(), id=webhook, delivery_id=delivery))
    assert 4 == len(fakes.quarantine.rows)


def test_two_refunds_of_one_order_are_two_rows_of_the_log(fakes: FakePorts, send: Send) -> None:
    refunds = [{"id": 1, "total": "-1.00"}, {"id": 2, "total": "-1.00"}]
    send(requests.woocommerce("order.updated", {**ORDER, "refunds": refunds}))
    assert 2 == sum(event.name == "Order Refunded" for event in fakes.log.events)


@cache
def golden() -> list[tuple[str, str, bytes]]:
    """(case, topic, body) of the golden requests that say something."""
    return [
        (case["case"], case["headers"]["x-wc-webhook-topic"], json.dumps(case["body"]).encode())
        for path in sorted(GOLDEN.glob("*.json"))
        for case in json.loads(path.read_text())
        if isinstance(case["body"], dict) and case["expect"].keys() & {"events", "products"}
    ]


def others() -> Iterator[tuple[str, str, Translation]]:
    """Each body under every topic of another kind that is understood nevertheless."""
    for name, own, raw in golden():
        for topic in TOPICS:
            if topic.partition(".")[0] != own.partition(".")[0]:
                try:
                    yield name, topic, translate(Request(raw, received=requests.NOW), topic, json.loads(raw))
                except NotUnderstood:
                    continue


def test_a_body_under_the_topic_of_another_kind_is_never_understood() -> None:
    assert len(golden()) >= 20
    assert [] == [(name, topic) for name, topic, _ in others()]


@pytest.mark.parametrize("topic", sorted(topic for topic in TOPICS if topic.endswith(".deleted")))
def test_the_body_of_a_deletion_means_the_same_under_every_topic(topic: str) -> None:
    request = Request(b'{"id":7}', received=requests.NOW)
    assert Translation(unused=topic) == translate(request, topic, {"id": 7})
    for other in TOPICS:
        if not other.endswith(".deleted"):
            with pytest.raises(NotUnderstood):
                translate(request, other, {"id": 7})


@pytest.mark.parametrize("body", [{}, {"id": None}, {"id": 7, "email": "ann@x.org"}, [], 7])
def test_a_deletion_has_an_id_and_nothing_else(body: Any) -> None:
    with pytest.raises(NotUnderstood):
        translate(Request(b""), "customer.deleted", body)
