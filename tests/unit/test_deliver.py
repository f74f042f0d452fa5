"""Transitions on their way to destinations: told at once or through the queue, again, or never."""

import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import Throttled, Unavailable, Undeliverable
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.deliveries import DeliverTransition
from functions.core.deliveries.records import HttpRequest, ReceiverAnswer
from functions.core.profiles.transition import Transition, order
from functions.usecases.deliver import Receivers, announce, deliver, deliver_all
from tests.fakes import FakePorts
from tests.unit.deliveries import BUS, ENTERED, PAGER

NOW = 1_795_288_400
AWAY = Unavailable("call pager", "TimeoutError")


@pytest.fixture
def world() -> FakePorts:
    made = FakePorts()
    made.secrets.values["pager"] = ('{"url": "https://pager.example/x"}',)
    return made


def several(count: int) -> list[Transition]:
    return [replace(ENTERED, segment=f"s{n}") for n in range(count)]


def waiting(key: str, transition: Transition) -> DeliverTransition:
    return DeliverTransition(key, **asdict(transition))


def tasks(world: FakePorts, *, dead: bool = False) -> list[Any]:
    return [each.task for each in world.queues.sent if each.dead is dead]


def bodies(world: FakePorts) -> list[str]:
    return [request.body.decode() for _, request in world.sender.sent if isinstance(request, HttpRequest)]


def test_a_receiver_inside_aws_is_told_at_once_and_others_through_the_queue(world: FakePorts) -> None:
    announce(world.at(NOW), [ENTERED], Receivers([BUS, PAGER]))
    assert ["eventbus"] == [destination for destination, _ in world.sender.sent]
    assert [Dispatch(waiting("pager", ENTERED))] == world.queues.sent


def test_whoever_is_moved_by_a_backfill_did_nothing_and_nobody_is_told(world: FakePorts) -> None:
    announce(world.at(NOW), [replace(ENTERED, cause="backfill")], Receivers([BUS, PAGER]))
    assert ([], []) == (world.sender.sent, world.queues.sent)


def test_a_destination_is_told_of_nothing_but_what_it_takes(world: FakePorts) -> None:
    leaving = replace(PAGER, takes=("Segment Left",))
    announce(world.at(NOW), [ENTERED, replace(ENTERED, entered=False)], Receivers([leaving]))
    assert [False] == [task.entered for task in tasks(world)]


def test_what_could_not_be_told_at_once_waits_in_the_queue_and_holds_nobody_up(world: FakePorts) -> None:
    world.sender.answers = [Throttled("put events", "ThrottlingException")]
    announce(world.at(NOW), several(2), Receivers([BUS]))
    again = tasks(world)
    assert [waiting("eventbus", each) for each in several(2)] == again
    assert {} == deliver_all(world.at(NOW + 360), again, [BUS])
    assert 2 == len(world.sender.sent)


def test_a_bus_that_is_away_is_asked_once_in_an_invocation(world: FakePorts) -> None:
    """A stream's batch is a hundred records, and each call that is not answered takes seconds."""
    world.sender.answers = [AWAY]
    receivers = Receivers([BUS])
    for each in several(3):
        announce(world.at(NOW), [each], receivers)
    assert 1 == len(world.sender.sent)
    assert [waiting("eventbus", each) for each in several(3)] == tasks(world)


def test_the_order_of_a_profile_goes_on_growing_when_an_erased_person_comes_back() -> None:
    assert order(100, 57) < order(100, 58) < order(101, 59)
    assert order(100, 57) < order(200, 1)


def test_requests_hold_no_more_items_and_bytes_than_the_receiver_takes(world: FakePorts) -> None:
    assert {} == deliver(world.at(NOW), PAGER, several(5))
    assert ['"s0","s1"', '"s2","s3"', '"s4"'] == bodies(world)
    world.sender.sent.clear()
    long = [replace(ENTERED, segment="x" * 15), replace(ENTERED, segment="y" * 15)]
    assert {} == deliver(world.at(NOW), PAGER, long)
    assert 2 == len(world.sender.sent)


@pytest.mark.parametrize(
    ("segment", "reason"),
    [("secret", "a pager has no place for it"), ("x" * 40, "Segment Entered of more than 40 bytes")],
)
def test_what_the_receiver_has_no_place_for_is_a_dead_letter_and_the_rest_is_told(
    segment: str, reason: str, world: FakePorts
) -> None:
    assert {} == deliver(world.at(NOW), PAGER, [replace(ENTERED, segment=segment), ENTERED])
    assert [(segment, reason)] == [(letter.segment, letter.reason) for letter in tasks(world, dead=True)]
    assert ['"buyers"'] == bodies(world)


def test_a_receiver_that_is_away_is_asked_no_more_until_the_messages_come_again(world: FakePorts) -> None:
    world.sender.answers = [ReceiverAnswer(), AWAY]
    failed = deliver(world.at(NOW), PAGER, several(7))
    assert dict.fromkeys(range(2, 7), AWAY) == failed
    assert 2 == len(world.sender.sent)


def test_a_receiver_that_refuses_a_batch_for_good_is_told_the_next_one(world: FakePorts) -> None:
    world.sender.answers = [ReceiverAnswer(status=422)]
    assert {} == deliver(world.at(NOW), PAGER, several(3))
    assert [("s0", "answered 422"), ("s1", "answered 422")] == [
        (letter.segment, letter.reason) for letter in tasks(world, dead=True)
    ]
    assert 2 == len(world.sender.sent)


def test_a_request_that_may_not_be_made_is_a_dead_letter(world: FakePorts) -> None:
    world.sender.answers = [Undeliverable("pager", "its host is at an address that is not public")]
    assert {} == deliver(world.at(NOW), PAGER, [ENTERED])
    assert [ENTERED.segment] == [letter.segment for letter in tasks(world, dead=True)]


@pytest.mark.parametrize("text", ["made up at deploy", "[]", "{}", '{"url": ""}', '{"url": 5}'])
def test_a_destination_without_its_settings_waits_for_them(text: str, world: FakePorts) -> None:
    world.secrets.values["pager"] = (text,)
    failed = deliver(world.at(NOW), PAGER, [ENTERED])
    assert ["settings of pager: url missing in its secret"] == [str(each) for each in failed.values()]
    assert [] == world.sender.sent


def test_what_waits_for_a_destination_that_is_turned_off_is_a_dead_letter(world: FakePorts) -> None:
    failed = deliver_all(world.at(NOW), [waiting("gone", ENTERED), waiting("pager", ENTERED)], [PAGER])
    assert {} == failed
    assert [("gone", "is turned off")] == [(letter.destination, letter.reason) for letter in tasks(world, dead=True)]
    assert 1 == len(world.sender.sent)


def test_one_destination_that_is_away_takes_nothing_from_the_others(world: FakePorts) -> None:
    world.sender.answers = [AWAY]
    queued = [waiting(key, ENTERED) for key in ("pager", "eventbus", "pager", "eventbus")]
    assert {0: AWAY, 2: AWAY} == deliver_all(world.at(NOW), queued, [PAGER, BUS])
    assert ["pager", "eventbus"] == [destination for destination, _ in world.sender.sent]


def test_nothing_of_a_delivery_that_failed_names_a_person(world: FakePorts) -> None:
    world.sender.answers = [AWAY]
    failed: Any = deliver(world.at(NOW), PAGER, [replace(ENTERED, profile="ann@x.org")])
    assert "ann" not in str(list(map(str, failed.values())))


@given(st.data())
def test_a_receiver_that_keeps_the_highest_order_knows_what_holds_however_deliveries_are_mixed_up(
    data: st.DataObject,
) -> None:
    """Deliveries of three people and two segments come in any order, each once or several times."""
    written = data.draw(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("xy"), st.integers(-900, 900))))
    truth: dict[tuple[str, str], bool] = {}
    news = []
    for version, (profile, segment, late) in enumerate(written, 1):
        entered = not truth.get((profile, segment), False)
        truth[profile, segment] = entered
        # The instant of a transition may lie before that of the one before it: events come late.
        news.append(Transition(profile, segment, entered, NOW + late, "event", order(NOW + version // 3, version)))
    mixed = data.draw(st.permutations(news + data.draw(st.lists(st.sampled_from(news)) if news else st.just([]))))
    kept: dict[tuple[str, str], tuple[int, bool]] = {}
    for each in mixed:
        item = BUS.item(each)
        detail = json.loads(item.body)
        address = detail["profile"], detail["segment"]
        if detail["order"] > kept.get(address, (-1, False))[0]:
            kept[address] = detail["order"], item.kind == "Segment Entered"
    assert truth == {address: entered for address, (_, entered) in kept.items()}


def asking(world: FakePorts, seconds: int) -> None:
    world.sender.answers = [ReceiverAnswer(429, {"retry-after": str(seconds)})]


def test_what_a_receiver_wants_later_than_the_queue_brings_it_is_put_off_until_then(world: FakePorts) -> None:
    asking(world, 600)
    assert {} == deliver_all(world.at(NOW), [waiting("pager", ENTERED)], [PAGER])
    (put_off,) = world.queues.of("deliveries")
    assert (600, replace(waiting("pager", ENTERED), waited=600)) == (put_off.delay, put_off.task)


def test_what_a_receiver_wants_sooner_than_the_queue_brings_it_is_left_to_the_queue(world: FakePorts) -> None:
    asking(world, 300)
    assert {0} == deliver_all(world.at(NOW), [waiting("pager", ENTERED)], [PAGER]).keys()
    assert [] == world.queues.sent


def test_nothing_is_put_off_for_longer_than_sqs_can_or_for_ever(world: FakePorts) -> None:
    task, rounds = waiting("pager", ENTERED), 0
    while True:
        asking(world, 86_400)
        world.queues.sent.clear()
        if deliver_all(world.at(NOW), [task], [PAGER]):
            break
        (put_off,) = world.queues.sent
        assert put_off.delay == 900
        assert isinstance(put_off.task, DeliverTransition)
        task, rounds = put_off.task, rounds + 1
    assert (8, []) == (rounds, world.queues.sent)
