"""The job that rebuilds all profiles from the log: it stops and goes on, counts nobody twice, and parks what fails."""

import json

import pytest

from functions import wiring
from functions.core.base.identity import profile_id
from functions.core.base.task_codec import decode
from functions.core.base.tasks.refolds import RefoldPeople
from functions.handlers import refold
from functions.usecases import rebuild
from tests.console import ANN, BOB, BUYERS, HOUR, both, event, order, token
from tests.lambda_context import CONTEXT, HURRIED
from tests.poison import REFUSED, poisoned
from tests.queues import taken
from tests.unit.test_refold import AWAY

PEOPLE = [f"email:p{number:02d}@x.org" for number in range(9)]


def deliver(body, lambda_context=CONTEXT):
    """True if the message is done."""
    return not refold.handler({"Records": [{"messageId": "1", "body": body}]}, lambda_context)["batchItemFailures"]


def run(lambda_context=CONTEXT):
    """Do what is queued until nothing is; return how many invocations it took."""
    rounds = 0
    while bodies := taken("refolds"):
        for body in bodies:
            assert deliver(body, lambda_context)
            rounds += 1
    return rounds


def asked(world):
    return world.ask("POST", "/api/rebuilds", status=202)["job"]


def result(world, job):
    told = world.ask("GET", f"/api/jobs/{job}")
    assert "done" == told["state"]
    return told["result"]


def lose(world):
    """Delete every row of profiles."""
    client, table = wiring.clients().get("dynamodb"), wiring.ports().settings.place("table", "profiles")
    for row in client.scan(TableName=table)["Items"]:
        client.delete_item(TableName=table, Key={name: row[name] for name in ("pk", "part")})
    assert {} == world.states()


@pytest.fixture
def lost(world, monkeypatch):
    """A shop of nine buyers with several orders each, whose profiles are lost; pages of the log hold four events."""
    monkeypatch.setattr("functions.adapters.dynamodb.log._PAGE", 4)
    world.save(BUYERS)
    world.run_backfills()
    for number in range(3):
        world.tell(*(order(who, HOUR * (number + 1), number=number) for who in PEOPLE))
    world.before = world.states()
    lose(world)
    return world


def same(world):
    """True if every state is as it was, but for why somebody is in a segment."""
    return told(world.before) == told(world.states())


def told(states):
    """What is compared of each state."""
    return {
        profile: (each.timelines, {name: stay.since for name, stay in each.memberships.items()}, each.due)
        for profile, each in states.items()
    }


def test_everybody_is_rebuilt_once(lost):
    job = asked(lost)
    run()
    assert {"rebuilt": len(PEOPLE), "failed": 0} == result(lost, job)
    assert same(lost)
    again = asked(lost)
    run()
    assert {"rebuilt": 0, "failed": 0} == result(lost, again)


def test_a_segment_that_runs_out_of_time_goes_on_where_it_stopped(lost):
    job = asked(lost)
    assert run(HURRIED) > wiring.ports().settings.backfill_lanes
    assert {"rebuilt": len(PEOPLE), "failed": 0} == result(lost, job)
    assert same(lost)


def test_messages_that_come_twice_and_a_worker_that_dies_change_nothing(lost, monkeypatch):
    job = asked(lost)
    bodies = taken("refolds")
    with monkeypatch.context() as dying:
        dying.setattr(type(lost.ports.jobs), "go_on", None)
        with pytest.raises(TypeError):
            deliver(bodies[0])
    for body in [*bodies, *bodies]:
        assert deliver(body)
    assert same(lost)
    assert 0 == result(lost, job)["failed"]


def test_an_outage_lets_the_message_come_again(lost):
    job = asked(lost)
    bodies = taken("refolds")
    with poisoned(AWAY):
        assert False in list(map(deliver, bodies))
    assert all(map(deliver, bodies))
    assert (len(PEOPLE), 0) == tuple(result(lost, job).values())
    assert [] == taken("refolds-dead")


def test_whoever_fails_for_a_reason_of_their_own_is_parked_and_counted(lost):
    job = asked(lost)
    with poisoned(REFUSED, PEOPLE[0]):
        run()
    assert {"rebuilt": len(PEOPLE) - 1, "failed": 1} == result(lost, job)
    assert [RefoldPeople((PEOPLE[0],))] == [decode("refolds", body) for body in taken("refolds-dead")]
    assert profile_id(PEOPLE[0]) not in lost.states()


def test_a_person_is_worked_on_once_whatever_identifiers_they_have(world, monkeypatch):
    turns = []
    repair = rebuild._repair

    def noted(context, profile):
        turns.append(profile)
        return repair(context, profile)

    monkeypatch.setattr(rebuild, "_repair", noted)
    world.save(BUYERS)
    world.run_backfills()
    world.tell(both("2026-11-20T10:00:00"))
    world.tell(
        order(ANN, HOUR), order("user_id:1", 2 * HOUR), event("Page Viewed", "user_id:1", HOUR), order(BOB, HOUR)
    )
    job = asked(world)
    run()
    assert {"rebuilt": 0, "failed": 0} == result(world, job)
    assert 2 == len(turns) == len(set(turns))


def test_identifiers_that_were_lost_from_a_profile_are_found_again(world):
    world.save(BUYERS)
    world.run_backfills()
    world.tell(both("2026-11-20T10:00:00", traits={"first_name": "Ann"}))
    (profile,) = world.states()
    whole = world.ports.people.load((), [profile], with_attributes=True).attributes[profile]
    client, table = wiring.clients().get("dynamodb"), wiring.ports().settings.place("table", "profiles")
    for row in client.scan(TableName=table)["Items"]:
        if row["part"]["S"] != "state":
            client.delete_item(TableName=table, Key={name: row[name] for name in ("pk", "part")})
    job = asked(world)
    run()
    assert 1 == result(world, job)["rebuilt"]
    found = world.ports.people.load((), [profile], with_attributes=True).attributes[profile]
    assert (whole.identifiers, whole.traits) == (found.identifiers, found.traits)


def test_the_same_rebuild_is_not_begun_twice_and_a_reader_may_not_ask(lost):
    job = asked(lost)
    assert job == asked(lost)
    lost.ask("POST", "/api/rebuilds", token=token("read"), status=403)
    lost.ask("DELETE", f"/api/jobs/{job}")
    run()
    assert {} == lost.states()
    assert "cancelled" == lost.ask("GET", f"/api/jobs/{job}")["state"]


def test_a_message_of_a_job_that_is_gone_is_done(world):
    assert deliver(json.dumps({"rebuild": True, "job": "none", "number": 0}))
