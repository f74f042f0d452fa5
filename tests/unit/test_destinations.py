"""Each destination by itself: its name, its settings, its secret, and what it makes of the answers of its receiver."""

from dataclasses import replace

import pytest

from functions.core.base.errors import Fault, Throttled, Unavailable, Undeliverable, UnknownDestination
from functions.core.deliveries.records import ReceiverAnswer
from functions.core.profiles.transition import Transition
from functions.destinations import destination_keys, find, named
from functions.destinations.http import refused_by_status
from functions.topology import FUNCTIONS, QUEUES
from functions.topology_rows import Grant
from functions.usecases.deliver import BROUGHT_AGAIN
from tests.unit.deliveries import BUS, ENTERED, PAGER


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


def test_the_queue_brings_again_what_was_not_taken_after_the_time_that_the_use_case_knows() -> None:
    (queue,) = (each for each in QUEUES if each.name == "deliveries")
    assert BROUGHT_AGAIN == queue.visibility
