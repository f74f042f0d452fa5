"""Transitions on their way to destinations: told at once or through the queue, again, or never."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.errors import Fault, Throttled, Unavailable, Undeliverable, UnknownDestination, Unsupported
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.deliveries import DeliverTransition
from functions.core.deliveries.records import Configuration, HttpRequest, Item, ReceiverAnswer
from functions.core.profiles.transition import Transition, order
from functions.destinations import destination_keys, find, named
from functions.destinations.base import Destination, Failed, Limit
from functions.destinations.http import refused_by_status
from functions.topology import FUNCTIONS, QUEUES
from functions.topology_rows import Grant
from functions.usecases.deliver import BROUGHT_AGAIN, Receivers, announce, deliver, deliver_all
from tests.fakes import FakePorts

NOW = 1_795_288_400
BUS = find("eventbus")
ENTERED = Transition("p1", "buyers", True, 100, "event", 7)
AWAY = Unavailable("call pager", "TimeoutError")


def _item(transition: Transition) -> Item:
    if transition.segment == "secret":
        raise Unsupported("pager", "a pager has no place for it")
    return Item(transition.key, transition.name, json.dumps(transition.segment))


def _request(items: Sequence[Item], configuration: Configuration, now: int) -> HttpRequest:
    body = ",".join(item.body for item in items).encode()
    return HttpRequest(configuration["url"], body, {"at": str(now)})


def _refused(answer: ReceiverAnswer, count: int) -> Failed:
    return refused_by_status("pager", answer, count)


PAGER = Destination(
    key="pager",
    label="Pager",
    item=_item,
    request=_request,
    refused=_refused,
    example=ENTERED,
    limit=Limit(items=2, bytes=40),
    secret="pager",
    settings={"url": "where it is"},
)


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


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, None),
        (204, None),
        (302, Unavailable),
        (400, Undeliverable),
        (401, Unavailable),
        (404, Unavailable),
        (410, Undeliverable),
        (429, Throttled),
        (500, Unavailable),
        (503, Throttled),
    ],
)
def test_a_status_says_whether_trying_again_helps(status: int, expected: type | None) -> None:
    found = refused_by_status("pager", ReceiverAnswer(status=status), 2)
    assert ([] if expected is None else [expected] * 2) == [type(each) for each in found.values()]


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


def test_a_transition_has_one_key_however_often_it_is_read_and_another_after_every_write() -> None:
    again = Transition("p1", "buyers", True, 100, "event", 7)
    assert ENTERED.key == again.key
    others = (
        replace(ENTERED, order=8),
        replace(ENTERED, entered=False),
        replace(ENTERED, segment="b"),
        replace(ENTERED, profile="p2"),
    )
    keys = {each.key for each in (ENTERED, *others)}
    assert 5 == len(keys)


def test_the_setting_names_destinations_and_an_unknown_one_is_refused() -> None:
    assert "eventbus" in destination_keys()
    assert [BUS] == named("eventbus") == named(" eventbus , eventbus")
    assert [] == named("none")
    with pytest.raises(UnknownDestination) as refused:
        named("eventbus,evntbus")
    assert (
        Fault(f"no destination 'evntbus'; known: {', '.join(destination_keys())}", "destinations"),
    ) == refused.value.faults


@pytest.mark.parametrize("key", destination_keys())
def test_a_destination_has_the_name_of_its_file_and_a_request_that_it_can_fill(key: str) -> None:
    destination = find(key)
    assert key == destination.key
    assert destination.fitted(destination.example).size <= destination.limit.bytes
    assert destination.takes


@pytest.mark.parametrize("key", destination_keys())
def test_whoever_tells_a_destination_may_read_its_secret(key: str) -> None:
    """The topology cannot see the records: without the grant the first delivery would fail."""
    destination = find(key)
    tellers = ("react", "deliver") if destination.at_once else ("deliver",)
    for function in FUNCTIONS:
        if destination.secret and function.name in tellers:
            assert Grant("secret", destination.secret, "read") in function.grants, function.name


def test_settings_without_a_secret_to_be_in_are_refused_when_the_record_is_made() -> None:
    with pytest.raises(ValueError, match="'pager' has settings and no secret"):
        replace(PAGER, secret="")


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


SUNDAY = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 3600 "}, 3600),
        ({"retry-after": "9" * 5000}, 999_999_999),
        ({"retry-after": "-5"}, 0),
        ({"retry-after": "١٢"}, 0),
        ({"retry-after": "soon"}, 0),
        ({"retry-after": "Sun, 06 Nov 1994 09:49:37 GMT", "date": SUNDAY}, 3600),
        ({"retry-after": "Sunday, 06-Nov-94 08:59:37 GMT", "date": SUNDAY}, 600),
        ({"retry-after": "Sun, 06 Nov 1994 07:49:37 GMT", "date": SUNDAY}, 0),
        ({"retry-after": "Sun, 06 Nov 1994 09:49:37 GMT"}, 0),
        ({"retry-after": "Sun, 06 Nov 1994 09:49:37 GMT", "date": "Sun, 06 Nov 1994 08:49:37"}, 0),
    ],
    ids=lambda each: str(each)[:60],
)
@pytest.mark.parametrize("status", [425, 429, 503])
def test_retry_after_is_read_as_seconds_or_as_a_date_by_the_receiver_s_own_clock(
    status: int, headers: dict[str, str], seconds: int
) -> None:
    (error,) = refused_by_status("pager", ReceiverAnswer(status, headers), 1).values()
    assert isinstance(error, Throttled)
    assert seconds == error.after


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


def test_the_queue_brings_again_what_was_not_taken_after_the_time_that_the_use_case_knows() -> None:
    (queue,) = (each for each in QUEUES if each.name == "deliveries")
    assert BROUGHT_AGAIN == queue.visibility
