"""Collect, from API Gateway's event to its answer, on ports in memory."""

import base64
import json

import pytest

from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.erasures import ErasePeople
from functions.handlers.collect import handler
from functions.usecases.collect import STOREFRONTS
from tests import requests
from tests.fakes import FakePorts
from tests.lambda_context import CONTEXT
from tests.requests import ORDER, TRACK, Send, places


def test_a_signed_webhook_is_in_the_log_before_it_is_answered(fakes: FakePorts, send: Send) -> None:
    assert (200, {"success": True}) == send(requests.shopify("orders/create", ORDER, event_id="e1"))
    assert [("Order Completed", "email:ann@x.org")] == [(event.name, event.identifier) for event in fakes.log.events]


def test_a_webhook_told_twice_is_one_event_and_one_round_trip_each(fakes: FakePorts, send: Send) -> None:
    send(requests.shopify("orders/updated", ORDER, event_id="e1", webhook_id="w1"))
    send(requests.shopify("orders/updated", ORDER, event_id="e1", webhook_id="w2"))
    assert (2, 2) == (len(fakes.log.events), fakes.log.appends)


def test_a_body_that_is_sent_again_is_in_the_log_once_whatever_its_headers_say(fakes: FakePorts, send: Send) -> None:
    for name in ("one", "two"):
        headers = {"event_id": name, "webhook_id": name, "triggered_at": f"2026-11-2{len(name)}T10:00:00Z"}
        send(requests.shopify("orders/create", ORDER, **headers))
    send(requests.shopify("orders/create", ORDER))
    assert 1 == len(fakes.log.events)


def test_both_secrets_are_accepted_during_a_rotation(send: Send) -> None:
    assert 200 == send(requests.shopify("orders/create", ORDER, secret="hush"))[0]
    assert 200 == send(requests.shopify("orders/create", ORDER, secret="hush-before"))[0]


def test_a_secret_that_was_rotated_a_moment_ago_is_read_anew(fakes: FakePorts, send: Send) -> None:
    send(requests.shopify("orders/create", ORDER))
    fakes.secrets.values["shopify"] = ("new", "hush")
    assert 200 == send(requests.shopify("orders/create", ORDER, secret="new"))[0]


REDACT = {
    "shop_domain": "corner-shop.myshopify.com",
    "customer": {"id": 7, "email": "a@x.org"},
    "orders_to_redact": [1],
}


@pytest.mark.parametrize("topic", ["orders/create", "customers/redact", "shop/redact", "customers/data_request", ""])
def test_a_bad_signature_is_401_without_detail_and_leaves_nothing(topic: str, fakes: FakePorts, send: Send) -> None:
    assert (401, {"error": "unauthorized"}) == send(requests.shopify(topic, ORDER, secret="wrong"))
    assert ([], {}, []) == (fakes.log.events, fakes.quarantine.rows, fakes.queues.sent)


def test_an_empty_secret_signs_nothing(fakes: FakePorts, send: Send) -> None:
    fakes.secrets.values["shopify"] = ("",)
    assert 401 == send(requests.shopify("orders/create", ORDER, secret=""))[0]


def test_an_unknown_source_is_404_with_the_known_ones(send: Send) -> None:
    status, answer = send(requests.gateway("POST", "/hooks/magento", b"{}"))
    assert (404, f"no such source; known: {', '.join(STOREFRONTS)}") == (status, answer["faults"][0]["message"])
    assert 404 == send(requests.gateway("POST", "/hooks/segment", b"{}"))[0]


def test_a_source_that_is_off_is_404_with_how_to_turn_it_on(fakes: FakePorts, send: Send) -> None:
    del fakes.secrets.values["stripe"]
    status, answer = send(requests.stripe("x", {}))
    assert (404, "source: Stripe is off here; -c sources=…,stripe turns it on") == (status, answer["message"])
    assert "sources=…,stripe" == answer["faults"][0]["suggestion"]
    assert ([], {}) == (fakes.log.events, fakes.quarantine.rows)


def test_the_ping_of_a_source_that_is_off_is_refused_too(fakes: FakePorts, send: Send) -> None:
    ping = requests.gateway("POST", "/hooks/woocommerce", b"webhook_id=1")
    assert 200 == send(ping)[0]
    del fakes.secrets.values["woocommerce"]
    assert 404 == send(ping)[0]


def test_an_unused_topic_is_acknowledged_and_leaves_nothing(fakes: FakePorts, send: Send) -> None:
    assert 200 == send(requests.shopify("fulfillments/create", {"id": 1}))[0]
    assert ([], {}) == (fakes.log.events, fakes.quarantine.rows)


@pytest.mark.parametrize("topic", ["", "  "])
@pytest.mark.parametrize("body", [b"{}", b'{"id": 1}', b"not json", b""])
def test_a_webhook_without_a_topic_is_refused_with_the_name_of_the_header(
    topic: str, body: bytes, fakes: FakePorts, send: Send
) -> None:
    asked = requests.shopify(topic, body)
    if not topic:
        del asked["headers"]["X-Shopify-Topic"]
    status, answer = send(asked)
    assert (400, ["X-Shopify-Topic"], "orders/create") == (status, places(answer), answer["faults"][0]["suggestion"])
    assert ([], {}) == (fakes.log.events, fakes.quarantine.rows)


def test_a_webhook_without_a_topic_whose_signature_is_wrong_is_told_no_more_than_that(send: Send) -> None:
    assert (401, {"error": "unauthorized"}) == send(requests.shopify("", {}, secret="guess"))


@pytest.mark.parametrize("body", [b"", b"not json", b"[]", b'{"id": NaN}', b"\xff\xfe", b"[" * 100_000, b"9" * 5000])
def test_a_genuine_body_that_is_not_understood_is_kept_whole(body: bytes, fakes: FakePorts, send: Send) -> None:
    for _ in range(2):
        assert 200 == send(requests.shopify("orders/create", body, event_id="e1"))[0]
    assert 1 == len(fakes.quarantine.rows)
    (kept,) = fakes.quarantine.of("shopify")
    raw = base64.b64decode(kept.body) if "segue-encoding" in kept.headers else kept.body.encode()
    assert (body, "orders/create") == (raw, kept.headers["x-shopify-topic"])
    assert "x-shopify-hmac-sha256" not in kept.headers


def test_a_redaction_is_queued_before_it_is_answered(fakes: FakePorts, send: Send) -> None:
    send(requests.shopify("customers/redact", REDACT))
    task = ErasePeople(("email:a@x.org", "shopify:7", "shopify_order:1"))
    assert [Dispatch(task)] == fakes.queues.sent


def test_an_older_product_does_not_undo_a_newer_one(fakes: FakePorts, send: Send) -> None:
    for day, title in (("02", "new"), ("01", "old")):
        body = {"id": 1, "title": title, "variants": [], "updated_at": f"2026-11-{day}T00:00:00Z"}
        send(requests.shopify("products/update", body))
    assert "new" == fakes.products.rows["1"].title


def test_a_body_of_a_webhook_has_a_limit(send: Send) -> None:
    assert 413 == send(requests.shopify("orders/create", b" " * 5_000_001))[0]


@pytest.mark.parametrize("port", ["log", "quarantine", "queues", "products", "secrets"])
def test_when_aws_fails_the_answer_is_503_and_when_to_try_again(port: str, fakes: FakePorts) -> None:
    fakes.lose(port)
    asked = [
        requests.shopify("orders/create", ORDER if port in ("log", "secrets") else b"?"),
        requests.shopify("customers/redact", REDACT),
        requests.shopify("products/update", {"id": 1, "variants": []}),
    ]
    answers = [handler(event, CONTEXT) for event in asked]
    failed = [answer for answer in answers if answer["statusCode"] == 503]
    assert failed
    assert all(answer["headers"]["retry-after"] and "error" in answer["body"] for answer in failed)


def test_an_error_that_is_nobodys_fault_is_not_hidden(fakes: FakePorts) -> None:
    del fakes.log
    with pytest.raises(AttributeError):
        handler(requests.segment("track", TRACK), CONTEXT)


@pytest.mark.parametrize("path", ["/v1/nope", "/v1", "/v1/track/x", "/", "/hooks", "/other"])
def test_an_unknown_path_is_404(path: str, fakes: FakePorts, send: Send) -> None:
    status, answer = send(requests.gateway("POST", path, json.dumps(TRACK).encode()))
    assert (404, ["path"]) == (status, places(answer))


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/track", "POST"),
        ("HEAD", "/v1/t", "POST"),
        ("DELETE", "/hooks/shopify", "POST"),
        ("OPTIONS", "/hooks/shopify", "POST"),
        ("POST", "/v1/projects/WK/settings", "GET"),
    ],
)
def test_a_wrong_method_is_405_and_names_the_right_one(method: str, path: str, allowed: str, fakes: FakePorts) -> None:
    answer = handler(requests.gateway(method, path, json.dumps(TRACK).encode()), CONTEXT)
    told = json.loads(answer["body"])
    assert (405, allowed, "*") == (
        answer["statusCode"],
        answer["headers"]["allow"],
        answer["headers"]["access-control-allow-origin"],
    )
    assert f"method: this path takes {allowed}" == told["message"]
    assert [] == fakes.log.events


@pytest.mark.parametrize("path", ["/v1/track/", "//v1//track", "/v1/tr%61ck"])
def test_a_path_is_read_in_every_spelling_of_it(path: str, fakes: FakePorts, send: Send) -> None:
    assert 200 == send({**requests.segment("track", TRACK), "rawPath": path})[0]
    assert 1 == len(fakes.log.events)


def test_a_stage_in_the_path_is_not_part_of_it(fakes: FakePorts, send: Send) -> None:
    event = requests.segment("track", TRACK)
    event["rawPath"], event["requestContext"]["stage"] = "/live/v1/track", "live"
    assert 200 == send(event)[0]


def test_unused_topics_are_counted_in_words_that_name_nobody(
    fakes: FakePorts, send: Send, capsys: pytest.CaptureFixture[str]
) -> None:
    send(requests.shopify("fulfillments/create", {"id": 1, "email": "ann@x.org"}))
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert ([1], "fulfillments/create") == (line["TopicsUnused"], line["topic"])
    assert "ann" not in json.dumps(line)
