"""What fails for a reason of its own is parked and passed by; for an outage, and a broken program, a stream waits."""

from typing import Any

import pytest

from functions.core.base.errors import RowTooLarge, Throttled, Unavailable, as_ours, is_outage
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.refolds import RefoldPeople
from functions.usecases.park import HOUR, PARKED, UNPROVEN_PER_HOUR, Failed, park
from tests.fakes import FakePorts

OWN = KeyError("a fault of the program")
AWAY = Throttled("put profiles", "ThrottlingException")


def failing(*errors: Exception) -> dict[int, Failed]:
    return {place: Failed(error, RefoldPeople((f"user_id:{place}",))) for place, error in enumerate(errors)}


def parked(ports: FakePorts) -> list[str]:
    tasks = [each.task for each in ports.queues.of("refolds-dead")]
    return [each.identifiers[0] for each in tasks if isinstance(each, RefoldPeople)]


@pytest.mark.parametrize("error", [OWN, RowTooLarge("put profiles", 500_000), RecursionError()])
def test_what_fails_beside_others_that_succeed_is_parked_with_whom_it_is_about(error: Exception) -> None:
    ports = FakePorts()
    context = ports.at(0)
    assert {} == park(context, failing(error), of=2)
    assert ["user_id:0"] == parked(ports)
    assert 1 == context.counts[PARKED]


def test_however_much_fails_beside_others_all_of_it_is_parked() -> None:
    ports = FakePorts()
    assert {} == park(ports.at(0), failing(*[OWN] * 99), of=100)
    assert 99 == len(parked(ports))


@pytest.mark.parametrize("errors", [[AWAY], [OWN, AWAY], [AWAY, OWN]])
def test_nothing_is_parked_of_a_batch_that_an_outage_brings_again(errors: list[Exception]) -> None:
    ports = FakePorts()
    assert dict(enumerate(errors)) == park(ports.at(0), failing(*errors), of=9)
    assert [] == parked(ports)


def test_a_program_that_fails_at_everything_parks_a_few_an_hour_and_leaves_the_rest_to_the_stream() -> None:
    ports = FakePorts()
    again = park(ports.at(0), failing(*[OWN] * 30), of=30)
    assert list(range(UNPROVEN_PER_HOUR, 30)) == list(again)
    assert [f"user_id:{place}" for place in range(UNPROVEN_PER_HOUR)] == parked(ports)
    for _ in range(60):
        assert 10 == len(park(ports.at(HOUR - 1), failing(*[OWN] * 10), of=10))
    assert UNPROVEN_PER_HOUR == len(parked(ports))
    assert {} == park(ports.at(HOUR), failing(OWN), of=1)


def test_events_about_the_same_people_are_parked_once() -> None:
    ports = FakePorts()
    failed = {place: Failed(OWN, RefoldPeople(("user_id:1",))) for place in range(3)}
    assert {} == park(ports.at(0), failed, of=4)
    assert [Dispatch(RefoldPeople(("user_id:1",)), dead=True)] == ports.queues.sent


@pytest.mark.parametrize("port", ["queues", "counters"])
def test_what_cannot_be_parked_fails_and_so_comes_again(port: str) -> None:
    ports: Any = FakePorts()
    ports.lose(port)
    with pytest.raises(Unavailable):
        park(ports.at(0), failing(OWN), of=1)


def test_a_fault_of_the_program_is_told_by_its_kind_alone() -> None:
    assert AWAY is as_ours(AWAY)
    told = as_ours(KeyError("email:ann@x.org"))
    assert is_outage(told)
    assert "a fault of the program: KeyError" == str(told)
