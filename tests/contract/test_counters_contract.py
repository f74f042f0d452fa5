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


def test_what_is_counted_cheaply_never_exceeds_the_bound_and_begins_anew_with_the_hour(ports: Ports) -> None:
    for hour in (HOUR, HOUR + 24):
        taken = [ports.counters.take_cheaply("Newcomers", hour, 7) for _ in range(9)]
        assert [True] * 7 + [False] * 2 == taken


def test_nothing_is_counted_cheaply_where_the_bound_is_none(ports: Ports) -> None:
    assert [False, False] == [ports.counters.take_cheaply("Newcomers", HOUR, 0) for _ in range(2)]
