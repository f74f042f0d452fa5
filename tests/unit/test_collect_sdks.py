"""Collect as SDKs call it: keys, packing, batches and browsers, on ports in memory."""

import gzip
import json
from typing import Any

import pytest

from functions.handlers.collect import handler
from tests import requests
from tests.fakes import FakePorts
from tests.lambda_context import CONTEXT
from tests.requests import TRACK, Send, places


def test_a_write_key_is_accepted_as_user_name_and_in_the_body(fakes: FakePorts, send: Send) -> None:
    assert (200, {"success": True}) == send(requests.segment("track", TRACK))
    assert 200 == send(requests.segment("track", {**TRACK, "messageId": "m2", "writeKey": "WK-before"}, key=None))[0]
    assert 2 == len(fakes.log.events)


@pytest.mark.parametrize(
    ("key", "body", "where"),
    [("nope", {}, "Authorization"), (None, {"writeKey": "nope"}, "writeKey"), (None, {"writeKey": 5}, "writeKey")],
)
def test_a_wrong_write_key_is_401_and_names_what_is_missing(
    key: str | None, body: dict[str, Any], where: str, send: Send
) -> None:
    status, answer = send(requests.segment("track", {**TRACK, **body}, key=key))
    assert (401, [where]) == (status, places(answer))


def test_damaged_basic_authorisation_is_401(send: Send) -> None:
    event = requests.segment("track", TRACK, key=None, authorization="Basic ???")
    assert (401, ["Authorization"]) == (send(event)[0], places(send(event)[1]))


@pytest.mark.parametrize("type_", ["application/json", "text/plain", "application/x-www-form-urlencoded", ""])
@pytest.mark.parametrize("packed", [True, False])
def test_the_content_type_is_not_trusted(type_: str, packed: bool, fakes: FakePorts, send: Send) -> None:
    body = json.dumps({"batch": [TRACK]}).encode()
    event = requests.segment("batch", gzip.compress(body) if packed else body, **{"Content-Type": type_})
    assert 200 == send(event)[0]
    assert 1 == len(fakes.log.events)


def test_gzip_that_the_gateway_took_for_text_is_unpacked(fakes: FakePorts, send: Send) -> None:
    event = requests.segment("track", TRACK)
    packed = gzip.compress(json.dumps(TRACK).encode())
    assert 200 == send({**event, "body": packed.decode("latin-1"), "isBase64Encoded": False})[0]


@pytest.mark.parametrize(
    "route", ["i", "identify", "t", "track", "p", "page", "s", "screen", "g", "group", "a", "alias"]
)
def test_every_path_takes_its_message_in_both_spellings(route: str, fakes: FakePorts, send: Send) -> None:
    body = {**TRACK, "groupId": "g", "previousId": "a"}
    assert 200 == send(requests.segment(route, body))[0]
    assert 1 == len(fakes.log.events)


@pytest.mark.parametrize("route", ["b", "batch", "import"])
def test_every_batch_path_takes_a_batch(route: str, fakes: FakePorts, send: Send) -> None:
    assert 200 == send(requests.segment(route, {"batch": [TRACK, {**TRACK, "messageId": "m2"}]}))[0]
    assert (2, 1) == (len(fakes.log.events), fakes.log.appends)


def test_a_retry_with_a_new_sent_at_is_the_same_event(fakes: FakePorts, send: Send) -> None:
    for second in ("01", "30"):
        send(requests.segment("batch", {"batch": [TRACK], "sentAt": f"2026-11-21T19:12:{second}Z"}))
    assert 1 == len(fakes.log.events)


def test_a_batch_with_faults_is_refused_whole_and_names_each_of_them(fakes: FakePorts, send: Send) -> None:
    batch = [
        TRACK,
        {"type": "trak", "userId": "u1"},
        {"type": "track", "userId": {"id": 1}, "properties": "x", "timestamp": "yesterday"},
        {"type": "identify", "traits": {"email_marketing_consent": "subscribd"}},
        "text",
        {"type": "page", "userId": True, "messageId": 1.5, "context": {"traits": 1}},
        {"type": "track", "event": "E", "userId": "u", "properties": {"a": [1, {"b": 10**50}]}},
        {
            "type": "track",
            "event": "E",
            "userId": "u",
            "context": {"consent": {"categoryPreferences": {"marketing": 1}}},
        },
        {"type": "alias"},
        {"type": "group", "userId": "u"},
    ]
    status, answer = send(requests.segment("batch", {"batch": batch, "sentAt": 5}))
    assert 400 == status
    assert [
        "batch[1].type",
        "batch[2].userId",
        "batch[2].timestamp",
        "batch[2].properties",
        "batch[2].event",
        "batch[3].userId",
        "batch[3].traits.email_marketing_consent",
        "batch[4]",
        "batch[5].userId",
        "batch[5].messageId",
        "batch[5].context.traits",
        "batch[6].properties.a[1].b",
        "batch[7].context.consent.categoryPreferences.marketing",
        "batch[8].previousId",
        "batch[8].userId",
        "batch[9].groupId",
        "sentAt",
    ] == places(answer)
    suggested = {fault["where"]: fault.get("suggestion") for fault in answer["faults"]}
    assert ("track", "subscribed") == (
        suggested["batch[1].type"],
        suggested["batch[3].traits.email_marketing_consent"],
    )
    assert [] == fakes.log.events


@pytest.mark.parametrize(
    ("body", "where", "line"),
    [(b'{"a":\n1,}', "body", 2), (b"[" * 100_000, "body", None), (b'{"a": Infinity}', "body", None)],
)
def test_malformed_json_is_400_with_its_place(body: bytes, where: str, line: int | None, send: Send) -> None:
    status, answer = send(requests.segment("track", body))
    assert (400, where, line) == (status, answer["faults"][0]["where"], answer["faults"][0].get("line"))


@pytest.mark.parametrize("body", [[], {}, {"batch": {}}, {"batch": None}, "x", 5, None])
def test_a_batch_must_be_a_list_in_an_object(body: Any, send: Send) -> None:
    assert 400 == send(requests.segment("batch", body))[0]


def test_a_message_has_32_kilobytes_and_a_batch_500(fakes: FakePorts, send: Send) -> None:
    fits, large = ({**TRACK, "properties": {"text": "x" * size}} for size in (32_000, 33_000))
    assert 200 == send(requests.segment("track", fits))[0]
    assert (413, ["body"]) == (
        send(requests.segment("track", large))[0],
        places(send(requests.segment("track", large))[1]),
    )
    status, answer = send(requests.segment("batch", {"batch": [TRACK, large, fits, large]}))
    assert (413, ["batch[1]", "batch[3]"]) == (status, places(answer))
    assert 413 == send(requests.segment("batch", {"batch": [fits] * 17}))[0]
    assert 200 == send(requests.segment("batch", {"batch": [{**fits, "messageId": str(n)} for n in range(15)]}))[0]


def test_a_gzip_bomb_is_413_and_is_not_unpacked(send: Send) -> None:
    assert 413 == send(requests.segment("batch", gzip.compress(b" " * 50_000_000)))[0]


@pytest.mark.parametrize("cut", [5, 40])
def test_damaged_gzip_is_400(cut: int, send: Send) -> None:
    assert 400 == send(requests.segment("batch", gzip.compress(json.dumps({"batch": [TRACK]}).encode())[:cut]))[0]


def test_a_flood_of_faults_is_counted_beyond_a_thousand(send: Send) -> None:
    status, answer = send(requests.segment("batch", {"batch": [{}] * 2_500}))
    assert (400, 1_001, "and 4000 more faults") == (status, len(answer["faults"]), answer["faults"][-1]["message"])
    assert 413 == send(requests.segment("batch", {"batch": [{}] * 2_501}))[0]


def test_a_message_about_nobody_goes_to_quarantine_and_the_rest_counts(fakes: FakePorts, send: Send) -> None:
    nobody = {**TRACK, "userId": "undefined", "properties": {"price": 0.1}}
    assert 200 == send(requests.segment("batch", {"batch": [nobody, TRACK]}))[0]
    assert (1, 1) == (len(fakes.log.events), len(fakes.quarantine.rows))
    (kept,) = fakes.quarantine.of("segment")
    assert ("batch", True) == (kept.headers["segue-route"], '"price":0.1' in kept.body)
    assert "authorization" not in kept.headers


def test_the_browser_may_ask_first(fakes: FakePorts) -> None:
    answer = handler(requests.gateway("OPTIONS", "/v1/t", headers={"Origin": "https://shop.example"}), CONTEXT)
    assert (204, "") == (answer["statusCode"], answer["body"])
    assert "*" == answer["headers"]["access-control-allow-origin"]
    assert "authorization" in answer["headers"]["access-control-allow-headers"]


@pytest.mark.parametrize("event", [requests.segment("t", TRACK), requests.segment("t", TRACK, key="no")])
def test_every_answer_can_be_read_by_the_browser(event: dict[str, Any], fakes: FakePorts) -> None:
    assert "*" == handler(event, CONTEXT)["headers"]["access-control-allow-origin"]


def test_the_browser_sdk_finds_its_settings_and_where_to_send(fakes: FakePorts, send: Send) -> None:
    event = requests.gateway(
        "GET", "/v1/projects/WK/settings", headers={"Host": "e.example", "X-Forwarded-Proto": "https"}
    )
    status, answer = send(event)
    assert 200 == status
    together = {"strategy": "batching", "config": {"size": 10, "timeout": 5000}}
    wanted = {"apiKey": "WK", "apiHost": "e.example/v1", "protocol": "https", "deliveryStrategy": together}
    assert wanted == answer["integrations"]["Segment.io"]
    assert 404 == send(requests.gateway("GET", "/v1/projects/nope/settings"))[0]


def test_where_there_is_no_tls_events_come_one_by_one_since_the_sdk_sends_batches_to_https_alone(
    fakes: FakePorts, send: Send
) -> None:
    _, answer = send(requests.gateway("GET", "/v1/projects/WK/settings", headers={"Host": "127.0.0.1:8787"}))
    assert {"apiKey": "WK", "apiHost": "127.0.0.1:8787/v1", "protocol": "http"} == answer["integrations"]["Segment.io"]


@pytest.mark.parametrize("content", ["text/plain", "application/json"])
def test_a_batch_as_the_browser_sdk_sends_it_is_taken(content: str, fakes: FakePorts) -> None:
    """The key in the body, the time of sending once, and the kind of content of a request that needs no preflight."""
    told = {
        "writeKey": "WK",
        "batch": [{**TRACK, "messageId": f"m{n}"} for n in range(3)],
        "sentAt": "2026-11-21T12:00:00.000Z",
    }
    event = requests.gateway("POST", "/v1/b", json.dumps(told).encode(), {"Content-Type": content})
    assert 200 == handler(event, CONTEXT)["statusCode"]
    assert 3 == len(fakes.log.events)


def test_the_same_words_without_id_and_time_are_another_event_each_time(fakes: FakePorts, send: Send) -> None:
    told = {"type": "track", "userId": "u1", "event": "Product Viewed"}
    for request_id in ("r1", "r2", "r2"):
        request = requests.segment("batch", {"batch": [told, told]})
        request["requestContext"]["requestId"] = request_id
        assert 200 == send(request)[0]
    assert 4 == len(fakes.log.events)
