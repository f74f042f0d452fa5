"""The API on moto: each operation through the handler, each answer held against the OpenAPI document."""

import json
from dataclasses import replace

import pytest

from functions import wiring
from functions.core.base.identity import profile_id
from functions.core.base.quarantine import Quarantined
from functions.core.flows.records import Run
from functions.core.messages.records import Message
from functions.handlers import api, backfill
from tests.console import (
    ANN,
    BIG,
    BOB,
    BUYERS,
    DAY,
    HOUR,
    NOW,
    order,
    token,
)
from tests.lambda_context import CONTEXT
from tests.requests import gateway


def test_without_a_valid_token_only_the_description_is_open(world):
    for refused in ("x", token("publish", issued=NOW - 60, expires=NOW), token("publish").swapcase()):
        world.ask("GET", "/api/segments", token=refused, status=401)
        assert world.headers["www-authenticate"].startswith("Bearer")
    assert world.ask("GET", "/api/openapi.json", token="x")["openapi"] == "3.1.0"


def test_a_wrong_path_or_method_is_said_to_be_one(world):
    world.ask("GET", "/api/nothing", status=404)
    refused = api.handler(gateway("POST", "/api/segments", b"", {"authorization": f"Bearer {world.token}"}), CONTEXT)
    assert (405, "GET") == (refused["statusCode"], refused["headers"]["allow"])


def test_a_failing_aws_is_answered_503_with_retry_after(world):
    wiring.clients().get("dynamodb").delete_table(TableName="segue-definitions")
    world.ask("GET", "/api/segments", status=503)
    assert int(world.headers["retry-after"]) > 0


def test_a_parameter_that_is_given_twice_is_refused_by_its_name_and_one_that_nobody_reads_is_not(world):
    asked = gateway("GET", "/api/messages", b"", {"Authorization": f"Bearer {world.token}"})
    answer = api.handler({**asked, "rawQueryString": "limit=1&state=sent&limit=2&state=held&x=1&x=2"}, CONTEXT)
    faults = [(fault["where"], fault["message"]) for fault in json.loads(answer["body"])["faults"]]
    assert (400, [("limit", "given more than once"), ("state", "given more than once")]) == (
        answer["statusCode"],
        faults,
    )
    answer = api.handler({**asked, "rawQueryString": "limit=1&x=1&x=2"}, CONTEXT)
    assert 200 == answer["statusCode"]


def test_a_segment_published_after_the_events_is_exact_before_its_backfill_and_after(world):
    world.tell(order(ANN, HOUR, 20000), order(BOB, HOUR, 100))
    assert {"id": "big", "kind": "segments", "version": 1} == world.save(BIG)
    assert world.members("big") == [profile_id(ANN)]
    assert [each["id"] for each in world.ask("GET", "/api/profiles", identifier=ANN)["segments"]] == ["big"]
    before = world.ports.people.load((), [profile_id(ANN)])[1]
    body = json.dumps({"start": None, "revision": world.ports.definitions.revision()})
    assert {"batchItemFailures": []} == backfill.handler({"Records": [{"messageId": "1", "body": body}]}, CONTEXT)
    assert before != world.ports.people.load((), [profile_id(ANN)])[1]
    assert world.members("big") == [profile_id(ANN)]


def test_members_at_another_instant_come_from_the_log_or_from_the_clock(world):
    world.save(BUYERS)
    world.tell(order(ANN, 10 * DAY), order(BOB, HOUR))
    everybody = sorted([profile_id(ANN), profile_id(BOB)])
    assert world.members("buyers") == everybody
    assert world.members("buyers", at="2026-11-15T00:00:00Z") == [profile_id(ANN)]
    assert world.members("buyers", at="2026-11-01T00:00:00Z") == []
    assert world.members("buyers", at="2026-12-15T00:00:00Z") == [profile_id(BOB)]
    assert world.members("buyers", at="2027-12-15T00:00:00Z") == []
    assert world.ask("GET", "/api/segments/buyers/members", at="yesterday", status=400)["faults"][0]["where"] == "at"


def test_members_come_page_by_page_with_the_whole_count(world):
    world.save(BUYERS)
    people = [f"email:p{number}@x.org" for number in range(7)]
    world.tell(*(order(who, HOUR) for who in people))
    seen: list[str] = []
    place: dict[str, str] = {}
    while True:
        page = world.ask("GET", "/api/segments/buyers/members", limit=3, **place)
        assert page["count"] == 7
        seen += page["members"]
        if page["next"] is None:
            break
        place = {"next": page["next"]}
    assert sorted(map(profile_id, people)) == seen
    world.ask("GET", "/api/segments/buyers/members", next="?", status=400)
    world.ask("GET", "/api/segments/buyers/members", limit=0, status=400)


def test_an_unknown_segment_is_not_found_with_the_nearest_name(world):
    world.save(BUYERS)
    assert "buyers" == world.ask("GET", "/api/segments/buyer/members", status=404)["faults"][0]["suggestion"]


def test_segments_are_listed_with_sentences_and_counts_on_request(world):
    world.save(BUYERS)
    world.tell(order(ANN, HOUR))
    (listed,) = world.ask("GET", "/api/segments")["segments"]
    assert ("buyers", "Buyers", 1) == (listed["id"], listed["name"], listed["version"])
    assert "ordered in the last 30 days" in listed["sentence"] and "count" not in listed
    assert 1 == world.ask("GET", "/api/segments", count="true")["segments"][0]["count"]


def test_preview_counts_whom_an_unsaved_condition_holds_for(world):
    world.save(BUYERS)
    world.tell(order(ANN, HOUR, 20000), order(BOB, 40 * DAY))
    asked = {"when": 'did "Order Completed" and not in segment "buyers"'}
    assert {"count": 1, "sample": [profile_id(BOB)]}.items() <= world.ask("POST", "/api/preview", asked).items()
    past = world.ask("POST", "/api/preview", asked | {"at": "2026-10-20T00:00:00Z"})
    assert (0, []) == (past["count"], past["sample"])


@pytest.mark.parametrize(
    ("asked", "status", "where"),
    [
        (b"{", 400, "body"),
        (b"[]", 400, "body"),
        (b"\xff", 400, "body"),
        (b'{"when": ' + b"9" * 5000 + b"}", 400, "body"),
        (b"[" * 5000, 400, "body"),
        ({"when": 5}, 400, "when"),
        ({"when": 'did "X"', "at": "noon"}, 400, "at"),
        ({"when": 'dit "X"'}, 422, "when"),
        ({"when": 'in segment "nothing"'}, 422, "when"),
    ],
)
def test_a_wrong_preview_is_refused_with_the_place(world, asked, status, where):
    fault = world.ask("POST", "/api/preview", asked, status=status)["faults"][0]
    assert where == fault["where"].partition(".")[0]
    if status == 422:
        assert fault["line"] == 1 and fault["column"] >= 1


def test_what_looks_back_further_than_the_log_is_refused_whoever_asks(world):
    text = BUYERS.replace("30 days", "731 days")
    for refused, place in (
        (
            world.ask("POST", "/api/preview", {"when": 'did "X"\n and did "Y" within 731 days'}, status=422),
            (2, 14),
        ),
        (world.ask("POST", "/api/segments/buyers/impact", text, status=422, content="application/yaml"), (3, 29)),
        (world.save(text, status=422), (3, 29)),
    ):
        (fault,) = refused["faults"]
        assert (*place, "730 days") == (fault["line"], fault["column"], fault["suggestion"])
        assert "the log keeps 730 days (LOG_RETENTION_DAYS)" in fault["message"]


def test_messages_and_runs_are_listed_newest_first(world):
    world.tell(order(ANN, 5))
    person = profile_id(ANN)
    sent = Message(person, "f_e_1", "f", "t", "sent", NOW, "", "ann@x.org", "Hello")
    for message in (sent, replace(sent, cause="f_e_2", state="held", at=NOW + 5, reason="no consent recorded")):
        assert world.ports.ledger.claim(message) is None
    world.ports.runs.start(Run(person, "f", "e", NOW, NOW, step="hello", due=NOW + 60))
    both = world.ask("GET", f"/api/profiles/{person}/messages")["messages"]
    assert (
        ["f_e_2", "f_e_1"]
        == [each["cause"] for each in both]
        == [each["cause"] for each in world.ask("GET", "/api/messages")["messages"]]
    )
    held = world.ask("GET", "/api/messages", state="held")["messages"]
    assert ["no consent recorded"] == [each["reason"] for each in held]
    assert 1 == len(world.ask("GET", "/api/messages", limit=1)["messages"])
    world.ask("GET", "/api/messages", state="lost", status=400)
    assert "next" == world.ask("GET", "/api/messages", next="there", status=400)["faults"][0]["where"]
    assert "2026-11-21T12:01:00Z" == world.ask("GET", f"/api/profiles/{person}/runs")["runs"][0]["due"]


def test_messages_come_by_pages_and_by_flow_and_template(world):
    for n in range(40):
        flow = ("cart", "welcome")[n % 4 == 0]
        world.ports.ledger.claim(Message(f"p{n}", "c", flow, f"t{n % 3}", "held" if n % 2 else "sent", NOW + n))
    seen: list[int] = []
    start: dict[str, str] | None = {}
    while start is not None:
        page = world.ask("GET", "/api/messages", flow="cart", state="sent", limit=4, **start)
        seen += [int(row["profile"][1:]) for row in page["messages"]]
        start = {"next": page["next"]} if page["next"] else None
    assert [n for n in range(39, -1, -1) if n % 2 == 0 and n % 4] == seen
    both = world.ask("GET", "/api/messages", flow="welcome", template="t0")
    assert (4, None) == (len(both["messages"]), both["next"])


QUARANTINED = json.dumps({"type": "track", "event": "Looked", "userId": "u1", "messageId": "m1", "writeKey": "WK"})


def test_quarantine_is_listed_without_bodies_shown_whole_and_taken_again(world):
    item = Quarantined("segment", "q#1", "was not mapped", {"segue-route": "track"}, QUARANTINED, NOW)
    world.ports.quarantine.put(item)
    listed = world.ask("GET", "/api/quarantine")
    entry = {"source": "segment", "id": "q#1", "reason": "was not mapped", "received": "2026-11-21T12:00:00Z"}
    assert {"items": [{**entry, "bytes": len(QUARANTINED)}], "next": None} == listed
    assert listed == world.ask("GET", "/api/quarantine", source="segment")
    assert [] == world.ask("GET", "/api/quarantine", source="shopify")["items"]
    assert QUARANTINED == world.ask("GET", "/api/quarantine/segment/q%231")["body"]
    again = world.ask("POST", "/api/quarantine/segment/q%231/replay")
    assert {"replayed": True, "events": 1, "reason": None} == again
    assert [] == world.ask("GET", "/api/quarantine")["items"]
    world.ask("POST", "/api/quarantine/segment/q%231/replay", status=404)


def test_a_request_stays_in_quarantine_until_it_is_understood_or_dropped(world):
    bodies = {"q1": ("segment", '{"event": "E"}'), "q2": ("shopify", "[]"), "q3": ("shopify", '{"id": 1}')}
    for name, (source, body) in bodies.items():
        headers = {"q1": {"segue-route": "track"}, "q2": {"x-shopify-topic": "orders/create"}}.get(name, {})
        world.ports.quarantine.put(Quarantined(source, name, "?", headers, body, NOW))
        answer = world.ask("POST", f"/api/quarantine/{source}/{name}/replay")
        assert (False, 0) == (answer["replayed"], answer["events"])
        assert answer["reason"]
    assert {"q1", "q2", "q3"} == {each["id"] for each in world.ask("GET", "/api/quarantine")["items"]}
    for name, (source, _) in bodies.items():
        path = f"/api/quarantine/{source}/{name}"
        assert {"source": source, "id": name, "dropped": True} == world.ask("DELETE", path)
        for method, where in (("GET", path), ("DELETE", path), ("POST", f"{path}/replay")):
            world.ask(method, where, status=404)


def test_a_list_of_an_unknown_source_is_not_found_with_those_that_are_known(world):
    assert "shopify" in world.ask("GET", "/api/quarantine", source="shop", status=404)["faults"][0]["suggestion"]
    world.ask("GET", "/api/quarantine/shop/q1", status=404)
    world.ask("GET", "/api/quarantine", next="?", status=400)
    world.ask("GET", "/api/quarantine", limit=0, status=400)
