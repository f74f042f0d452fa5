"""Folding from the log again: who is named, what was parked, all since an instant; and what fold parks."""

import base64
import json
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from functions import wiring
from functions.adapters.dynamodb.rows import events as rows
from functions.core.base import rfc3339
from functions.core.base.identity import profile_id
from functions.core.base.task_codec import decode
from functions.core.base.tasks.refolds import RefoldPeople, RefoldReceived
from functions.handlers import fold, refold
from functions.topology import FUNCTIONS
from functions.usecases.park import UNPROVEN_PER_HOUR
from functions.usecases.refold import refold_received
from local.runtime.invoke import LambdaContext
from tests.console import ANN, BOB, BUYERS, DAY, HOUR, NOW, event, order, token
from tests.lambda_context import CONTEXT
from tests.poison import REFUSED, poisoned
from tests.queues import taken

CAY = "email:cay@x.org"
AWAY = ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")
FAULTS = [KeyError("a fault of the program"), REFUSED]


def buyers(world):
    """The people who are stored as buyers."""
    return {
        name for name in (ANN, BOB, CAY) if "buyers" in getattr(world.states().get(profile_id(name)), "memberships", ())
    }


def tasks_of(queue):
    """The tasks that the queue holds, taken from it."""
    return [decode(queue.removesuffix("-dead"), body) for body in taken(queue)]


def record(sent, number):
    """The event's record as Lambda delivers it."""
    item = rows.to_item(sent, DAY, "")
    image = {**item, "b": {"B": base64.b64encode(item["b"]["B"]).decode()}}
    keys = {name: item[name] for name in ("pk", "sk")}
    return {"eventName": "INSERT", "dynamodb": {"Keys": keys, "NewImage": image, "SequenceNumber": str(number)}}


def streamed(*events):
    """The places of the records that come again."""
    return deliver([record(each, place) for place, each in enumerate(events)])


def deliver(records):
    failed = fold.handler({"Records": records}, CONTEXT)["batchItemFailures"]
    return [int(str(each["itemIdentifier"])) for each in failed]


def refolded(world, lambda_context=CONTEXT):
    """Do what is queued until nothing is; return what came again."""
    failed = []
    while tasks := tasks_of("refolds"):
        for task in tasks:
            message = {"messageId": "1", "body": json.dumps(_body(task))}
            failed += refold.handler({"Records": [message]}, lambda_context)["batchItemFailures"]
    return failed


def _body(task):
    return {name: getattr(task, name) for name in task.__dataclass_fields__}


@pytest.mark.parametrize("fault", FAULTS, ids=["program", "row"])
def test_a_record_that_can_never_be_folded_is_parked_and_the_others_of_its_batch_are_folded(world, fault):
    world.save(BUYERS)
    events = [order(ANN, HOUR), order(BOB, HOUR), order(CAY, HOUR)]
    world.log(*events)
    with poisoned(fault, BOB):
        assert [] == streamed(*events)
    assert {ANN, CAY} == buyers(world)
    assert [RefoldPeople((BOB,))] == tasks_of("refolds-dead")


def test_an_outage_parks_nothing_and_lets_all_of_it_come_again(world):
    world.save(BUYERS)
    events = [order(ANN, HOUR), order(BOB, HOUR)]
    world.log(*events)
    with poisoned(AWAY):
        assert [0, 1] == streamed(*events)
    with poisoned(AWAY, ANN):
        assert [0] == streamed(*events)
    assert [] == tasks_of("refolds-dead")


def test_who_cannot_be_written_now_comes_again_and_those_beside_them_do_not(world):
    world.save(BUYERS)
    events = [order(ANN, HOUR), order(BOB, HOUR), order(CAY, HOUR)]
    world.log(*events)
    with poisoned(AWAY, BOB):
        assert [1] == streamed(*events)
    assert {ANN, CAY} == buyers(world)
    assert [] == streamed(*events[1:])
    assert {ANN, BOB, CAY} == buyers(world)


def test_nobody_is_begun_when_the_invocation_is_nearly_over_and_nobody_is_parked_for_it(world):
    world.save(BUYERS)
    events = [order(ANN, HOUR), order(BOB, HOUR)]
    world.log(*events)
    short = LambdaContext(FUNCTIONS[0]._replace(timeout=fold.MARGIN_MS // 1000 - 1))
    records = [record(each, place) for place, each in enumerate(events)]
    failed = fold.handler({"Records": records}, short)["batchItemFailures"]
    assert ["0", "1"] == [each["itemIdentifier"] for each in failed]
    assert set() == buyers(world)
    assert [] == tasks_of("refolds-dead")


def test_a_deploy_that_fails_at_everything_leaves_all_but_a_few_to_the_stream(world):
    world.save(BUYERS)
    events = [order(f"email:{number}@x.org", HOUR) for number in range(UNPROVEN_PER_HOUR + 5)]
    world.log(*events)
    with poisoned(FAULTS[0]):
        assert list(range(UNPROVEN_PER_HOUR, len(events))) == streamed(*events)
        assert list(range(len(events))) == streamed(*events)
    assert UNPROVEN_PER_HOUR == len(tasks_of("refolds-dead"))
    assert [] == streamed(*events)


def test_a_row_that_cannot_be_read_is_parked_by_its_key(world):
    events = [order(ANN, HOUR), order(BOB, HOUR)]
    world.log(*events)
    records = [record(each, place) for place, each in enumerate(events)]
    records[0]["dynamodb"]["NewImage"]["b"] = {"B": base64.b64encode(b"\xff nothing").decode()}
    assert [] == deliver(records)
    assert [RefoldPeople((ANN,))] == tasks_of("refolds-dead")
    assert {profile_id(BOB)} == set(world.states())


def test_what_was_parked_is_folded_from_the_log_once_the_cause_is_mended(world):
    world.save(BUYERS)
    world.log(order(ANN, HOUR), order(BOB, HOUR))
    with poisoned(FAULTS[0], BOB):
        assert [] == streamed(order(ANN, HOUR), order(BOB, HOUR))
        assert {"queued": 1, "more": False} == world.ask("POST", "/api/refolds", {"parked": True})
        # Not mended yet: it is parked again, and nothing is tried without end.
        assert [] == refolded(world)
        assert {"queued": 1, "more": False} == world.ask("POST", "/api/refolds", {"parked": True})
    assert [] == refolded(world)
    assert {ANN, BOB} == buyers(world)
    assert {"queued": 0, "more": False} == world.ask("POST", "/api/refolds", {"parked": True})


def test_a_person_who_is_named_is_folded_with_all_their_identifiers(world):
    world.save(BUYERS)
    known = replace(event("Identified", ANN, 2 * HOUR), identifiers=(ANN, "user_id:1"))
    world.tell(known)
    world.log(order("user_id:1", HOUR), order(BOB, HOUR))
    assert {"queued": 1, "more": False} == world.ask("POST", "/api/refolds", {"identifiers": [ANN, ANN]})
    assert [] == refolded(world)
    assert {ANN} == buyers(world)


def test_all_that_was_received_since_an_instant_is_folded_and_nothing_before(world):
    world.save(BUYERS)
    world.log(order(ANN, 3 * HOUR), order(BOB, 2 * HOUR), order(CAY, HOUR))
    asked = {"since": rfc3339.text(NOW - 2 * HOUR)}
    lanes = world.ask("POST", "/api/refolds", asked)["queued"]
    assert wiring.ports().settings.backfill_lanes == lanes
    assert [] == refolded(world)
    assert {BOB, CAY} == buyers(world)


def test_a_refold_that_runs_out_of_time_goes_on_where_it_stopped(world, monkeypatch):
    monkeypatch.setattr("functions.adapters.dynamodb.log._PAGE", 2)
    world.save(BUYERS)
    world.log(*(order(f"email:{number}@x.org", HOUR) for number in range(7)))
    rounds, task = 0, RefoldReceived(0, NOW)
    while task:
        refold_received(world.context, task, lambda: True)
        (task, *_) = tasks_of("refolds") or [None]
        rounds += 1
    assert 7 == len(world.states())
    assert 4 <= rounds <= 5


@pytest.mark.parametrize("body", [{"identifiers": [ANN]}, {"since": rfc3339.text(NOW - DAY)}])
def test_a_refold_during_an_outage_comes_again(world, body):
    world.log(order(ANN, HOUR), order(BOB, HOUR))
    world.ask("POST", "/api/refolds", body)
    with poisoned(AWAY):
        assert 1 <= len(refolded(world))
    assert [] == tasks_of("refolds-dead")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ({}, "one of"),
        ({"parked": False}, "one of"),
        ({"parked": True, "identifiers": [ANN]}, "one of"),
        ({"identifiers": []}, "not a list"),
        ({"identifiers": ["ann"]}, "not an identifier"),
        ({"identifiers": [ANN, "shoe:7"]}, "not an identifier"),
        ({"since": "yesterday"}, "not an"),
        ({"since": rfc3339.text(NOW + 1)}, "future"),
    ],
)
def test_what_says_nothing_clear_is_refused_and_nothing_is_queued(world, body, fault):
    faults = world.ask("POST", "/api/refolds", body, status=400)["faults"]
    assert fault in faults[0]["message"]
    assert [] == tasks_of("refolds")


def test_whoever_only_reads_may_not_ask_for_it(world):
    world.ask("POST", "/api/refolds", {"parked": True}, token=token("read"), status=403)
