"""Numbers that overflow and texts that no encoding holds, through the public doors: a 4xx in words, never a 5xx."""

import json
from typing import Any

import pytest

from functions.handlers import api, collect, preferences
from tests.console import World
from tests.flow.host import Host
from tests.lambda_context import CONTEXT
from tests.requests import gateway, segment
from tests.unit.conftest import fakes, send, world

__all__ = ["fakes", "send", "world"]

HALF = "\ud83d"
WHEN = '"when":"did \\"Order Completed\\" within 3 days"'
HUGE = "1E+1000000"


def answered(body: str) -> Any:
    """The answer's JSON, which UTF-8 must hold."""
    return json.loads(body.encode())


def test_a_definition_named_by_half_an_emoji_is_refused_where_it_stands_and_every_list_answers(host: Host) -> None:
    text = f'{{"id": "half",\n "name": "Half \\ud83d",\n {WHEN}}}'
    answer = host.api("PUT", "definitions/segments/half", text.encode())
    (fault,) = json.loads(answer.body)["faults"]
    assert (422, "name", 2, 16) == (answer.status, fault["where"], fault["line"], fault["column"])
    assert "half of a surrogate pair" in fault["message"]
    for path in ("definitions/segments", "segments", "openapi.json", "backfills", "messages", "quarantine"):
        assert 200 == host.api("GET", path).status, path


def test_a_whole_emoji_is_welcome_however_it_is_escaped(host: Host) -> None:
    in_json = f'{{"id": "smile", "name": "\\ud83d\\ude00", {WHEN}}}'
    in_yaml = 'id: smile\nname: "\\ud83d\\ude00"\nwhen: did "Order Completed" within 4 days\n'
    for text, kind in ((in_json, "application/json"), (in_yaml, "application/yaml")):
        assert 200 == host.api("PUT", "definitions/segments/smile", text.encode(), kind).status
        (own,) = [each for each in json.loads(host.api("GET", "segments").body)["segments"] if each["id"] == "smile"]
        assert "\U0001f600" == own["name"]


@pytest.mark.parametrize("amount", [HUGE, f"-{HUGE}", "1E-1000000", "9" * 5000, "NaN", "Infinity", "1_000", "\u0661"])
def test_an_amount_beyond_all_bounds_is_no_amount_and_no_fault_of_ours(host: Host, amount: str) -> None:
    order = {
        "id": 1,
        "email": "ann@x.org",
        "created_at": "2026-11-21T18:00:00Z",
        "updated_at": "2026-11-21T18:00:00Z",
        "currency": "EUR",
        "total_price": amount,
        "line_items": [{"product_id": 1, "price": amount, "quantity": 1}],
    }
    assert 200 == host.webhook("orders/create", order).status
    track = {"type": "track", "event": "Order Completed", "userId": "u1", "messageId": "m1"}
    assert 200 == host.segment("track", {**track, "properties": {"total": amount, "order_id": "2"}}).status
    ann, other = host.profile("email:ann@x.org"), host.profile("user_id:u1")
    assert ann and other


@pytest.mark.parametrize("number", ["1E+99999999999999999999", HUGE, "NaN", "9" * 5000, "Infinity", "1e400"])
@pytest.mark.parametrize("path", ["preview", "definitions", "definitions/segments/x", "segments/x/impact"])
def test_a_number_in_a_request_of_the_api_is_refused_however_large(bare: Host, path: str, number: str) -> None:
    method = "PUT" if path.startswith("definitions/") else "POST"
    for body in (f'{{"when": {number}}}', f'{{"id": "x", "name": {number}, "when": "x"}}', number):
        answer = bare.api(method, path, body.encode())
        assert answer.status in (400, 422), (answer.status, answer.body)
        assert json.loads(answer.body)["faults"]


@pytest.mark.parametrize(
    "path",
    ["/{}", "/api/{}", "/api/profiles/{}", "/api/definitions/{}", "/api/definitions/segments/{}", "/api/schema/{}"],
)
def test_half_an_emoji_in_a_path_of_the_api_is_answered(world: World, path: str) -> None:
    headers = {"Authorization": f"Bearer {world.token}"}
    for word in (HALF, "%ED%A0%BD", f"{HALF}x", "%00", "%FF"):
        answer = api.handler(gateway("GET", path.format(word), b"", headers), CONTEXT)
        assert answer["statusCode"] == 404, answer
        assert answered(answer["body"])["error"]


@pytest.mark.parametrize("path", ["/v1/{}", "/hooks/{}", "/v1/projects/{}/settings", "/{}"])
def test_half_an_emoji_in_a_path_of_a_sender_is_answered(fakes: Any, path: str) -> None:
    for method in ("GET", "POST"):
        answer = collect.handler(gateway(method, path.format(HALF), b"{}"), CONTEXT)
        assert 400 <= answer["statusCode"] < 500, answer
        assert answered(answer["body"])["error"]


@pytest.mark.parametrize("token", [HALF, "%ED%A0%BD", "%00", "a.b", "x" * 9000, "..", "%2e%2e%2f"])
def test_any_token_of_a_preference_page_is_answered_by_a_page(fakes: Any, token: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        answer = preferences.handler(gateway(method, f"/u/{token}", b"action=unsubscribe"), CONTEXT)
        assert 404 == answer["statusCode"]
        assert answer["body"].encode() or method == "HEAD"


@pytest.mark.parametrize(
    "query",
    [
        f"identifier=email:{HALF}@x.org",
        f"identifier={HALF}",
        "identifier=%00",
        f"{HALF}={HALF}",
        "identifier=user_id:%ff",
    ],
)
def test_half_an_emoji_in_a_query_is_answered(world: World, query: str) -> None:
    event = gateway("GET", "/api/profiles", b"", {"Authorization": f"Bearer {world.token}"})
    answer = api.handler({**event, "rawQueryString": query}, CONTEXT)
    assert answer["statusCode"] in (400, 404), answer
    assert answered(answer["body"])["faults"]


def test_a_fault_that_names_a_key_with_half_an_emoji_is_answered(fakes: Any) -> None:
    body = b'{"type": "\\ud83d", "event": "x", "properties": {"\\ud83d": 1e400}, "userId": "u"}'
    for route in ("track", "batch"):
        whole = body if route == "track" else b'{"batch": [' + body + b"]}"
        event = segment(route, whole)
        answer = collect.handler(event, CONTEXT)
        assert 400 == answer["statusCode"]
        assert answered(answer["body"])["faults"]


def test_the_text_of_one_of_several_definitions_is_refused_by_its_place(bare: Host) -> None:
    body = b'{"definitions": [{"kind": "segments", "id": "a", "text": "\\ud83d"}]}'
    answer = bare.api("POST", "definitions", body)
    faults = json.loads(answer.body)["faults"]
    assert (400, ["definitions.0.text"]) == (answer.status, [fault["where"] for fault in faults])
