"""What is left of SES's rate and daily quota: no more than that goes out, whoever asks at once."""

import pytest

from functions.core.messages.pace import Allowance, Bounds, Budget
from functions.core.ports import Ports
from tests.contract.outside import Outside

NOW = 1_795_600_000
SANDBOX = Allowance(rate=1, per_day=200, sent=40)
ALL = Bounds(most=3, least=0)


def known(ports: Ports, now: int = NOW) -> Budget:
    budget = ports.pace.budget(now)
    assert budget
    return budget


def test_before_the_first_allowance_nothing_is_known_and_nothing_held_back(ports: Ports) -> None:
    assert None is ports.pace.budget(NOW)
    assert [None] * 5 == [ports.pace.take(NOW, ALL) for _ in range(5)]
    assert ports.pace.lease(NOW, NOW + 30)
    assert (None, None) == (ports.pace.budget(NOW + 20), ports.pace.take(NOW, ALL))


def test_one_of_all_asks_for_the_allowance_and_another_once_that_one_had_its_time(ports: Ports) -> None:
    assert [True, False] == [ports.pace.lease(NOW, NOW + 30) for _ in range(2)]
    assert [False, True, False] == [ports.pace.lease(now, now + 30) for now in (NOW + 29, NOW + 30, NOW + 31)]


def test_an_allowance_is_known_once_it_is_stored_and_an_earlier_one_does_not_replace_it(ports: Ports) -> None:
    for allowance, now in ((SANDBOX, NOW), (Allowance(14, None, 0), NOW + 60), (SANDBOX, NOW + 30)):
        ports.pace.store(allowance, now)
    budget = known(ports, NOW + 60)
    assert (Allowance(14, None, 0), NOW + 60) == (budget.allowance, budget.read)
    ports.pace.store(SANDBOX._replace(is_sending=False), NOW + 90)
    budget = known(ports, NOW + 90)
    assert (SANDBOX._replace(is_sending=False), 160) == (budget.allowance, budget.left)


def test_no_more_than_the_bound_are_taken_in_a_second_and_the_next_begins_at_nothing(ports: Ports) -> None:
    ports.pace.store(SANDBOX, NOW)
    for second in (NOW, NOW + 1, NOW + 60):
        assert [None, None, None, "rate", "rate"] == [ports.pace.take(second, ALL) for _ in range(5)]
    assert 160 - 9 == known(ports, NOW + 60).left


def test_a_clock_that_is_behind_counts_in_the_second_that_has_begun(ports: Ports) -> None:
    ports.pace.store(SANDBOX, NOW)
    assert [None, None] == [ports.pace.take(NOW + 1, ALL) for _ in range(2)]
    assert [None, "rate"] == [ports.pace.take(NOW, ALL) for _ in range(2)]
    assert "rate" == ports.pace.take(NOW + 1, ALL)


def test_a_smaller_share_ends_before_the_whole(ports: Ports) -> None:
    ports.pace.store(Allowance(3, 6, 0), NOW)
    assert [None, None, "rate"] == [ports.pace.take(NOW, Bounds(2, 2)) for _ in range(3)]
    assert [None, "rate"] == [ports.pace.take(NOW, Bounds(3, 0)) for _ in range(2)]
    assert [None, "day"] == [ports.pace.take(NOW + 1, Bounds(2, 2)) for _ in range(2)]
    assert [None, None, "day"] == [ports.pace.take(NOW + 1, Bounds(3, 0)) for _ in range(3)]


def test_what_ses_refuses_stops_the_others_until_it_is_asked_again(ports: Ports) -> None:
    ports.pace.note("day")
    ports.pace.store(SANDBOX, NOW)
    ports.pace.note("rate")
    assert None is ports.pace.take(NOW, ALL)
    ports.pace.note("day")
    assert "day" == ports.pace.take(NOW, ALL)
    ports.pace.note("paused")
    assert not known(ports).allowance.is_sending
    ports.pace.store(SANDBOX, NOW + 60)
    assert (known(ports, NOW + 60).allowance, ports.pace.take(NOW + 60, ALL)) == (SANDBOX, None)


def test_each_line_has_places_of_its_own_one_behind_the_other_and_none_beyond_its_end(ports: Ports) -> None:
    ports.pace.store(SANDBOX, NOW)
    places = [ports.pace.queue_up("rate_marketing", 5000, 1500, 9000) for _ in range(5)]
    assert [6500, 8000, 9500, None, None] == places
    assert 6500 == ports.pace.queue_up("day_marketing", 5000, 1500, 9000)
    # The line has emptied, or nearly so.
    assert 11_000 == ports.pace.queue_up("rate_marketing", 9200, 1500, 14_000)
    assert 20_100 == ports.pace.queue_up("rate_marketing", 20_000, 100, 24_000)


@pytest.mark.parametrize(
    ("quota", "expected"),
    [
        ({"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 40.0}, SANDBOX),
        ({"Max24HourSend": -1.0, "MaxSendRate": 14.7, "SentLast24Hours": 7.0}, Allowance(14, None, 7)),
        ({"Max24HourSend": 0.0, "MaxSendRate": 0.0, "SentLast24Hours": 0.0}, Allowance(1, 0, 0)),
    ],
)
def test_ses_says_what_it_allows(outside: Outside, quota: dict[str, float], expected: Allowance) -> None:
    for is_sending in (True, False):
        with outside.account(quota, is_sending=is_sending):
            assert expected._replace(is_sending=is_sending) == outside.ports.mailer.allowance()
