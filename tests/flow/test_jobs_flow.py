"""What is asked about everybody in a running shop of more people than a request may evaluate."""

import json

import pytest

from tests.flow.host import Host

BUYERS = 'id: buyers\nname: Buyers\nwhen: did "Order Completed" within 30 days\n'
PEOPLE = 12


@pytest.fixture
def crowded(bare: Host, monkeypatch: pytest.MonkeyPatch) -> Host:
    """A shop in which a request reads one page of a few people, with a dozen buyers."""
    for place in ("questions", "sweep"):
        monkeypatch.setattr(f"functions.usecases.{place}.PAGE", 6)
    monkeypatch.setattr("functions.usecases.questions.MOMENT", 1)
    assert 200 == bare.publish("segments", "buyers", BUYERS).status
    for number in range(PEOPLE):
        order = {"userId": f"u{number}", "event": "Order Completed", "properties": {"order_id": f"o{number}"}}
        assert 200 == bare.segment("track", {**order, "messageId": f"m{number}"}).status
    bare.settle()
    return bare


def test_jobs_are_answered_before_settle_is(crowded: Host) -> None:
    accepted = crowded.api("POST", "preview", {"when": 'did "Order Completed"'})
    assert 202 == accepted.status
    path = f"jobs/{json.loads(accepted.body)['job']}"
    assert "queued" == json.loads(crowded.api("GET", path).body)["state"]
    crowded.settle()
    job = json.loads(crowded.api("GET", path).body)
    assert ("done", PEOPLE) == (job["state"], job["result"]["count"])


def test_whoever_waits_for_a_job_has_its_answer(crowded: Host) -> None:
    assert PEOPLE == len(crowded.members("buyers"))
    counted = crowded.result("GET", "segments?count=true")
    assert [PEOPLE] == [each["count"] for each in counted["segments"]]


def test_the_page_shows_a_segment_of_many(crowded: Host) -> None:
    shown = crowded.local("GET", "segments/buyers")
    assert (PEOPLE, PEOPLE, None) == (shown["count"], len(shown["members"]), shown["next"])


def test_the_pages_of_members_hold_everybody_once_whatever_happens_between_them(crowded: Host) -> None:
    first = crowded.result("GET", "segments/buyers/members?limit=5")
    crowded.segment("track", {"userId": "late", "event": "Order Completed", "messageId": "late"})
    crowded.settle()
    second = crowded.result("GET", f"segments/buyers/members?limit=5&next={first['next']}")
    third = crowded.result("GET", f"segments/buyers/members?limit=5&next={second['next']}")
    listed = [*first["members"], *second["members"], *third["members"]]
    assert (PEOPLE, PEOPLE, None) == (len(listed), len(set(listed)), third["next"])
    assert PEOPLE + 1 == len(crowded.members("buyers"))


def test_the_impact_of_a_flow_with_many_runs_comes_from_a_job(crowded: Host) -> None:
    waiting = "id: later\nname: Later\nstart: {event: Order Completed}\nsteps:\n  - wait: 1 day\n  - wait: 2 days\n"
    crowded.clock.advance("1m")
    assert 200 == crowded.publish("flows", "later", waiting).status
    for number in range(PEOPLE):
        traits = {"email": f"p{number}@example.org"}
        assert 200 == crowded.segment("identify", {"userId": f"u{number}", "traits": traits}).status
        order = {"userId": f"u{number}", "event": "Order Completed", "properties": {"order_id": f"n{number}"}}
        assert 200 == crowded.segment("track", {**order, "messageId": f"n{number}"}).status
    crowded.clock.advance("1m")
    told = crowded.result("POST", "flows/later/impact", f"move: true\n{waiting}".encode())
    assert [(1, "wait-2", PEOPLE, "wait-2")] == [
        (each["version"], each["step"], each["runs"], each["then"]) for each in told["groups"]
    ]
