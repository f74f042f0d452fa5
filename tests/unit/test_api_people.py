"""One person in the API: who they are, what they are in and why."""

from functions.core.base.identity import profile_id
from functions.handlers import api
from tests.console import (
    ANN,
    BIG,
    BUYERS,
    DAY,
    HOUR,
    NOW,
    both,
    event,
    order,
)
from tests.lambda_context import CONTEXT
from tests.requests import gateway

UNACTED = BUYERS.replace("announce: true\n", "")


def test_a_person_is_found_by_any_identifier_as_they_are_now(world):
    world.save(BUYERS)
    world.tell(order(ANN, 2 * HOUR), event("Identified", ANN, HOUR, traits={"first_name": "Ann", "age": 41}))
    found = world.ask("GET", "/api/profiles", identifier="email:Ann@X.org")
    assert (profile_id(ANN), [ANN], {"first_name": "Ann", "age": 41}) == (
        found["id"],
        found["identifiers"],
        found["traits"],
    )
    assert found["consent"] == {"marketing": "none", "identifiers": {}, "statements": {}, "suppressed": None}
    assert found["segments"] == [{"id": "buyers", "since": "2026-11-21T10:00:00Z", "until": "2026-12-21T10:00:00Z"}]
    assert world.ask("GET", f"/api/profiles/{found['id']}") == found


def test_who_is_unknown_is_not_found_and_what_names_nobody_is_malformed(world):
    world.ask("GET", "/api/profiles", identifier=ANN, status=404)
    world.ask("GET", "/api/profiles/nobody", status=404)
    for wrong in ("ann@x.org", "email:ann", "email:", "colour:red", "user_id:null", ""):
        assert world.ask("GET", "/api/profiles", identifier=wrong, status=400)["faults"][0]["where"] == "identifier"
    world.ask("GET", "/api/profiles", status=400)


def test_a_plus_in_an_address_may_come_unescaped(world):
    world.tell(order("email:ann+tag@x.org"))
    asked = gateway("GET", "/api/profiles", b"", {"authorization": f"Bearer {world.token}"})
    asked["rawQueryString"] = "identifier=email:ann+tag@x.org"
    assert 200 == api.handler(asked, CONTEXT)["statusCode"]


def test_the_strictest_consent_and_a_suppression_are_told(world):
    world.tell(
        event("Identified", ANN, 5, consent="subscribed"),
        both("2026-11-21T11:59:57", consent="pending"),
        event("Email Bounced", ANN, 2, suppression="bounce"),
    )  # fmt: skip
    consent = world.ask("GET", "/api/profiles", identifier="user_id:1")["consent"]
    assert {
        "marketing": "pending",
        "identifiers": {ANN: "pending"},
        "statements": {
            ANN: {
                "subscribed": "2026-11-21T11:59:55Z",
                "pending": "2026-11-21T11:59:57Z",
                "unsubscribed": None,
                "undated": False,
                "refused": None,
            }
        },
        "suppressed": "bounce",
    } == consent


def test_a_merged_profile_leads_to_the_living_one(world):
    world.tell(order(ANN, 3))
    world.tell(order("user_id:1", 2))
    old = profile_id("user_id:1")
    world.tell(both("2026-11-21T12:00:00"))
    found = world.ask("GET", f"/api/profiles/{old}")
    assert {ANN, "user_id:1"} == set(found["identifiers"])
    assert found == world.ask("GET", "/api/profiles", identifier="user_id:1")


def test_since_when_somebody_is_in_a_segment_that_nobody_acts_on_is_read_from_the_log(world):
    world.save(UNACTED)
    world.save(BIG)
    world.tell(order(ANN, 40 * DAY), order(ANN, 5 * DAY, 20000, number=2), order(ANN, HOUR, number=3))
    found = world.ask("GET", "/api/profiles", identifier=ANN)["segments"]
    began = "2026-11-16T12:00:00Z"
    assert [("big", began), ("buyers", began)] == [(each["id"], each["since"]) for each in found]
    world.save('id: quiet\nname: Quiet\nwhen: did "Order Completed" then not "Order Refunded" for 1 hour\n')
    quiet = next(s for s in world.ask("GET", "/api/profiles", identifier=ANN)["segments"] if s["id"] == "quiet")
    assert "2026-11-21T12:00:00Z" == quiet["since"]


def test_what_began_before_the_log_s_oldest_event_has_no_since(world):
    world.save('id: once\nname: Once\nwhen: did "Order Completed"\n')
    world.tell(order(ANN, 800 * DAY))
    world.ports.log.erase(ANN)
    assert [("once", None)] == [
        (each["id"], each["since"]) for each in world.ask("GET", "/api/profiles", identifier=ANN)["segments"]
    ]


def test_membership_is_exact_at_the_second_though_nobody_acts_on_the_segment(world):
    world.save(UNACTED)
    world.tell(order(ANN, HOUR))
    assert world.members("buyers") == [profile_id(ANN)]
    world.clock.move_to(NOW - HOUR + 30 * DAY - 1)
    assert world.members("buyers") == [profile_id(ANN)]
    world.clock.move_to(NOW - HOUR + 30 * DAY)
    assert world.members("buyers") == []
    assert world.ask("GET", "/api/profiles", identifier=ANN)["segments"] == []


def test_explain_says_whether_since_when_and_how_it_came(world):
    world.save(BUYERS)
    world.tell(order(ANN, 40 * DAY, number=1), order(ANN, HOUR, number=2))
    told = world.ask("GET", f"/api/profiles/{profile_id(ANN)}/explain/buyers")
    assert (True, "2026-12-21T11:00:00Z") == (told["holds"], told["until"])
    assert [
        ("2026-10-12T12:00:00Z", "2026-11-11T12:00:00Z", "Order Completed", "time"),
        ("2026-11-21T11:00:00Z", None, "Order Completed", None),
    ] == [(stay["entered"], stay["left"], stay["cause"], stay["left_by"]) for stay in told["history"]]
    past = world.ask("GET", f"/api/profiles/{profile_id(ANN)}/explain/buyers", at="2026-11-15T00:00:00Z")
    assert (False, None) == (past["holds"], past["until"])
    assert 1 == len(past["history"])
    world.ask("GET", f"/api/profiles/{profile_id(ANN)}/explain/nothing", status=404)


def test_the_log_of_a_person_is_exported_newest_first_over_all_partitions(world):
    world.tell(order(ANN, 5), both("2026-11-21T11:59:56"))
    world.tell(order("user_id:1", 3, number=9))
    exported = world.ask("GET", f"/api/profiles/{profile_id(ANN)}/events")
    assert 3 == exported["count"]
    assert ["Order Completed", "Identified", "Order Completed"] == [each["name"] for each in exported["events"]]
    assert 2 == len(world.ask("GET", f"/api/profiles/{profile_id(ANN)}/events", limit=2)["events"])
