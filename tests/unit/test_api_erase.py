"""Erasure: nothing of the person is left, nobody else is touched, and it may be repeated or broken off anywhere."""

import itertools
import json
from contextlib import suppress
from dataclasses import replace

import pytest

from functions import wiring
from functions.core.base import rfc3339
from functions.core.base.errors import Unavailable
from functions.core.base.events import Event
from functions.core.base.identity import profile_id
from functions.core.flows import flow as flows
from functions.core.flows.records import Run
from functions.core.messages.records import Message
from functions.core.timelines.matching import match
from functions.handlers import erase
from functions.usecases.erase import erase_people
from functions.usecases.fold import fold
from tests.console import ANN, BOB, BUYERS, HOUR, NOW, both, event, order
from tests.lambda_context import CONTEXT
from tests.notes import note
from tests.queues import taken


def run(**body):
    """One message of the queue."""
    batch = {"Records": [{"messageId": "1", "body": json.dumps(body)}]}
    assert {"batchItemFailures": []} == erase.handler(batch, CONTEXT)


def rows(*tables):
    """Everything stored, as text."""
    dynamodb = wiring.clients().get("dynamodb")
    return {table: dynamodb.scan(TableName=f"segue-{table}")["Items"] for table in tables}


PERSONAL = ("log", "identifiers", "profiles", "runs", "messages")
NOTHING: dict[str, list[object]] = {table: [] for table in PERSONAL}


def live(world, who):
    """A person with everything that there can be of one."""
    world.tell(order(who, 3 * HOUR))
    person = profile_id(who)
    world.ports.ledger.claim(Message(person, "f_e_1", "f", "t", "sent", NOW, address=who.partition(":")[2]))
    world.ports.runs.start(Run(person, "f", "e", NOW, NOW, due=NOW + 60))


def test_nothing_of_the_person_is_left_and_nobody_else_is_touched(world):
    world.save(BUYERS)
    live(world, BOB)
    bob = rows(*PERSONAL)
    live(world, ANN)
    world.tell(both("2026-11-21T11:00:00"))
    run(identifiers=["user_id:1"])
    assert bob == rows(*PERSONAL)
    run(identifiers=["user_id:1"])
    assert bob == rows(*PERSONAL)


def test_a_merged_person_is_erased_with_what_was_stored_under_the_other_profile(world):
    live(world, ANN)
    live(world, "user_id:1")
    world.tell(both("2026-11-21T11:00:00"))
    run(identifiers=[ANN])
    assert NOTHING == rows(*PERSONAL)


def test_what_is_not_folded_yet_is_erased_too(world):
    live(world, ANN)
    world.log(both("2026-11-21T11:00:00"), order("user_id:1", 60))
    run(identifiers=[ANN])
    assert NOTHING == rows(*PERSONAL)


def test_the_log_of_somebody_without_a_profile_is_erased(world):
    world.log(order(ANN, 60))
    run(identifiers=[ANN, "shopify:7"])
    assert [] == rows("log")["log"]


def test_a_device_that_others_use_keeps_what_is_theirs(world):
    shared = "anonymous_id:d1"
    at_home = Event("Identified", NOW - 50, NOW, (BOB, shared), "2026-11-21T11:59:10.000Z#b", "segment")
    world.tell(event("Product Viewed", shared, 100), at_home)
    world.tell(
        order(ANN, 30), Event("Identified", NOW - 20, NOW, (ANN, "user_id:2"), "2026-11-21T11:59:40.000Z#a", "segment")
    )
    before = world.ask("GET", "/api/profiles", identifier=BOB)
    run(identifiers=[ANN])
    assert before == world.ask("GET", "/api/profiles", identifier=BOB)
    assert 1 == len(list(world.ports.log.read(shared)))


DEVICE = "anonymous_id:d1"


def signed_in(account, ago):
    stamp = rfc3339.text(NOW - ago).replace("Z", f".000Z#{account}")
    return Event("Identified", NOW - ago, NOW, (account, DEVICE), stamp, "segment")


def shared(world):
    """A device that three people used one after the other, and what each of them did on it without a name."""
    world.tell(*(signed_in(f"user_id:{number}", 400 - 100 * number) for number in (1, 2, 3)))
    world.tell(signed_in("user_id:1", 50))
    world.tell(*(event("Product Viewed", DEVICE, ago) for ago in (350, 290, 190, 90, 40)))


def seen(world, account):
    """When, seconds ago, somebody did something without a name."""
    answer = world.ask("GET", f"/api/profiles/{profile_id(account)}/events")
    return [NOW - rfc3339.parse(each["time"], "time") for each in answer["events"] if each["name"] == "Product Viewed"]


def test_of_a_shared_device_the_one_s_own_goes_and_the_others_keep_theirs(world):
    shared(world)
    assert [[40, 290, 350], [190], [90]] == [seen(world, f"user_id:{number}") for number in (1, 2, 3)]
    run(identifiers=["user_id:1"])
    assert [[190], [90]] == [seen(world, f"user_id:{number}") for number in (2, 3)]
    assert {190, 90} == {NOW - each.time for each in world.ports.log.read(DEVICE)}
    world.tell(event("Product Viewed", DEVICE, 380), event("Product Viewed", DEVICE, 30))
    assert [[190, 380], [30, 90]] == [seen(world, f"user_id:{number}") for number in (2, 3)]


def test_a_device_is_the_last_one_s_alone_when_the_others_are_erased(world):
    shared(world)
    for number in (1, 2, 2):
        run(identifiers=[f"user_id:{number}"])
    world.tell(event("Product Viewed", DEVICE, 380))
    assert [90, 380] == seen(world, "user_id:3")
    run(identifiers=["user_id:3"])
    assert NOTHING == rows(*PERSONAL)


def test_what_the_stream_brings_after_an_erasure_makes_nobody(world):
    late = order(ANN, 60)
    world.log(late)
    run(identifiers=[ANN])
    fold(world.context(), [late])
    world.ask("GET", "/api/profiles", identifier=ANN, status=404)
    run(identifiers=[ANN], second=True)
    assert NOTHING == rows(*PERSONAL)


def test_whoever_has_come_back_survives_the_second_run_of_an_erasure(world):
    live(world, ANN)
    run(identifiers=[ANN])
    # A second later, as what is dated up to the erasure falls away.
    world.tell(order(ANN, -1, number=5))
    run(identifiers=[ANN], second=True)
    assert 1 == world.ask("GET", f"/api/profiles/{profile_id(ANN)}/events")["count"]


def test_the_second_run_of_an_erasure_is_queued_a_quarter_of_an_hour_later(world):
    sqs, url = wiring.clients().get("sqs"), world.ports.settings.place("queue", "erasures")
    run(identifiers=[ANN])
    assert "Messages" not in sqs.receive_message(QueueUrl=url)
    world.clock.move_to(NOW + 900)
    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    assert {"identifiers": [ANN], "second": True} == json.loads(message["Body"])


def test_a_shop_is_erased_whole(world):
    world.save(BUYERS)
    for who in (ANN, BOB):
        live(world, who)
    world.tell(both("2026-11-21T11:00:00"))
    run(shop="corner-shop.myshopify.com")
    assert NOTHING == rows(*PERSONAL)
    assert 1 == len(world.ask("GET", "/api/segments")["segments"])


class Breaking:
    """Ports of which all calls fail after the first few."""

    def __init__(self, ports, left):
        self.ports, self.left = ports, left

    def __getattr__(self, port):
        return Part(self, getattr(self.ports, port))


class Part:
    """One port of them."""

    def __init__(self, breaking, port):
        self.breaking, self.port = breaking, port

    def __getattr__(self, name):
        self.breaking.left -= 1
        if self.breaking.left < 0:
            raise Unavailable(name)
        return getattr(self.port, name)


def unmark():
    """Forget who was erased, so that the same people can live once more before the erasure's time."""
    dynamodb = wiring.clients().get("dynamodb")
    for item in rows("erasures")["erasures"]:
        dynamodb.delete_item(TableName="segue-erasures", Key={"pk": item["pk"]})


def test_an_erasure_that_breaks_off_at_any_call_is_finished_by_the_next(world):
    for call in itertools.count():
        unmark()
        live(world, ANN)
        live(world, "user_id:1")
        world.tell(both("2026-11-21T11:00:00"))
        with suppress(Unavailable):
            erase_people(world.context(ports=Breaking(world.ports, call)), [ANN])
            break
        run(identifiers=[ANN])
        assert NOTHING == rows(*PERSONAL)
    assert call > 10


WELCOME = "id: welcome\nname: Welcome\nstart: {event: Signed Up}\nsteps:\n  - send: note\n"


def signed_up(ago, *names):
    stamp = rfc3339.text(NOW - ago).replace("Z", f".000Z#{ago}")
    return Event("Signed Up", NOW - ago, NOW, names, stamp, "segment")


def live_as_one(world):
    """Ann and Bob sign up on one device, and have runs and messages under one profile, before they are divided."""
    told = [signed_up(400, ANN, DEVICE), signed_up(300, BOB, "user_id:2", DEVICE)]
    world.tell(*told)
    (together,) = {row.profile for row in world.ports.people.load([ANN, BOB], ())[0].values()}
    spec = flows.start_spec(wiring.ruleset().flows["welcome"])
    assert spec
    for each, address in zip(told, (ANN, BOB), strict=True):
        start = match(spec, each)
        assert start
        entry = flows.name_of(start)
        world.ports.runs.start(Run(together, "welcome", entry, each.time, NOW, due=NOW + 60))
        message = Message(together, f"welcome_{entry}_note", "welcome", "note", "sent", NOW)
        world.ports.ledger.claim(replace(message, address=address.partition(":")[2]))
    world.tell(signed_up(500, ANN, "user_id:1", DEVICE))
    assert 2 == len({row.profile for row in world.ports.people.load([ANN, BOB], ())[0].values()})


@pytest.mark.parametrize(("gone", "remaining", "first"), [(ANN, BOB, 0), (BOB, ANN, 7)])
def test_one_of_two_who_were_one_is_erased_wherever_that_breaks_off(world, gone, remaining, first):
    world.save(note(), kind="templates")
    world.save(WELCOME, kind="flows")
    for call in itertools.count(first, 13):
        unmark()
        live_as_one(world)
        with suppress(Unavailable):
            erase_people(world.context(ports=Breaking(world.ports, call)), [gone])
            break
        run(identifiers=[gone])
        assert gone.partition(":")[2] not in json.dumps(rows(*PERSONAL), default=str)
        assert (1, 1) == (len(rows("runs")["runs"]), len(rows("messages")["messages"]))
        run(identifiers=[remaining])
        assert NOTHING == rows(*PERSONAL)
    assert call > 30


def test_the_api_erases_a_person_by_any_identifier_and_says_which_there_were(world):
    live(world, BOB)
    bob = rows(*PERSONAL)
    live(world, ANN)
    world.tell(both("2026-11-21T11:00:00"))
    answer = world.ask("POST", "/api/erasures/people", {"identifier": "user_id:1"})
    assert {"identifiers": [ANN, "user_id:1"]} == answer
    (body,) = taken("erasures")
    run(**json.loads(body))
    assert bob == rows(*PERSONAL)


def test_the_api_erases_what_lies_in_the_log_of_somebody_without_a_profile(world):
    world.log(order(ANN, 60))
    assert {"identifiers": [ANN]} == world.ask("POST", "/api/erasures/people", {"identifier": ANN})
    (body,) = taken("erasures")
    run(**json.loads(body))
    assert [] == rows("log")["log"]


@pytest.mark.parametrize("identifier", ["ann@x.org", "nothing:7", "", 7, None])
def test_what_is_no_identifier_erases_nobody(world, identifier):
    world.ask("POST", "/api/erasures/people", {"identifier": identifier}, status=400)
    assert [] == taken("erasures")
