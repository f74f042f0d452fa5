"""Counters by the hour: no more than the bound come through, whoever asks at once."""

from functions.core.ports import Ports

HOUR = 498_777


def test_no_more_than_the_bound_come_through_in_an_hour(ports: Ports) -> None:
    assert [True, True, True, False, False] == [ports.counters.take("Letters", HOUR, 3) for _ in range(5)]
    assert ports.counters.take("Others", HOUR, 1)


def test_the_next_hour_begins_at_nothing(ports: Ports) -> None:
    assert [True, False] == [ports.counters.take("Letters", HOUR, 1) for _ in range(2)]
    assert [True, True, False] == [ports.counters.take("Letters", HOUR + 1, 2) for _ in range(3)]


def test_a_clock_that_is_behind_counts_in_the_hour_that_has_begun(ports: Ports) -> None:
    assert ports.counters.take("Letters", HOUR + 1, 2)
    assert [True, False] == [ports.counters.take("Letters", HOUR, 2) for _ in range(2)]
    assert not ports.counters.take("Letters", HOUR + 1, 2)


def test_of_many_that_ask_as_many_as_the_bound_come_through(ports: Ports) -> None:
    # One after the other: moto does not check and add in one step, as DynamoDB does.
    taken = [ports.counters.take("Letters", HOUR, 5) for _ in range(12)]
    assert 5 == sum(taken)
