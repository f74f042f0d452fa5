"""What of SES's allowance each kind of message may have, and how far apart those that wait look again."""

import pytest

from functions.core.messages.pace import Allowance, Bounds, Shortage, bounds, step

SANDBOX = Allowance(1, 200, 40)
USUAL = Allowance(14, 50_000, 0)
UNBOUNDED = Allowance(500, None, 3)


@pytest.mark.parametrize(
    ("allowance", "reserve", "marketing", "transactional"),
    [
        # Of one a second nothing can be kept back: both kinds ask for it.
        (SANDBOX, 10, Bounds(1, 20), Bounds(1, 0)),
        (USUAL, 10, Bounds(12, 5_000), Bounds(14, 0)),
        (USUAL, 0, Bounds(14, 0), Bounds(14, 0)),
        (USUAL, 90, Bounds(1, 45_000), Bounds(14, 0)),
        (UNBOUNDED, 10, Bounds(450, 0), Bounds(500, 0)),
    ],
)
def test_marketing_leaves_a_share_of_the_rate_and_of_the_day(
    allowance: Allowance, reserve: int, marketing: Bounds, transactional: Bounds
) -> None:
    assert marketing == bounds(allowance, "marketing", reserve)
    assert transactional == bounds(allowance, "transactional", reserve)


@pytest.mark.parametrize(
    ("allowance", "most", "shortage", "expected"),
    [
        (SANDBOX, Bounds(1, 20), "rate", 1000),
        (USUAL, Bounds(12, 5_000), "rate", 84),
        # Eight looks a day for each message of the quota, however many wait.
        (SANDBOX, Bounds(1, 20), "day", 60_000),
        (SANDBOX, Bounds(1, 20), "paused", 60_000),
        (USUAL, Bounds(12, 5_000), "day", 240),
        # Never faster than they could be sent.
        (Allowance(1, 10_000_000, 0), Bounds(1, 0), "day", 1000),
        (UNBOUNDED, Bounds(500, 0), "paused", 2),
        (Allowance(1, 0, 0), Bounds(1, 0), "day", 10_800_000),
    ],
)
def test_those_that_wait_come_as_far_apart_as_they_may_be_sent(
    allowance: Allowance, most: Bounds, shortage: Shortage, expected: int
) -> None:
    assert expected == step(allowance, most, shortage)


def test_of_a_day_nothing_is_left_below_nothing() -> None:
    assert [160, 0, 0] == [Allowance(1, 200, sent).left for sent in (40, 200, 230)]
    assert UNBOUNDED.left > 10**9
