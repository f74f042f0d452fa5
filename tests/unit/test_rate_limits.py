"""Token buckets: what one minute allows at once, filled again by the second, and never more names than are bounded."""

from functions.core.base.rates import MOST, Rates

NOW = 1_795_000_000


def test_a_minutes_worth_is_taken_at_once_and_then_one_each_as_it_fills():
    rates = Rates()
    assert [0] * 6 == [rates.take(["a"], 6, NOW) for _ in range(6)]
    assert 11 == rates.take(["a"], 6, NOW)
    assert 1 <= rates.take(["a"], 6, NOW + 9) <= 2
    assert 0 == rates.take(["a"], 6, NOW + 10)
    assert 0 < rates.take(["a"], 6, NOW + 10)


def test_names_do_not_share_and_a_refusal_takes_from_none():
    rates = Rates()
    assert 0 == rates.take(["a"], 1, NOW)
    assert 0 < rates.take(["a", "b"], 1, NOW)
    assert 0 == rates.take(["b"], 1, NOW)


def test_a_clock_that_goes_back_gives_nothing():
    rates = Rates()
    assert 0 == rates.take(["a"], 1, NOW)
    assert 0 < rates.take(["a"], 1, NOW - 10**6)


def test_a_bucket_is_never_fuller_than_one_minute():
    rates = Rates()
    rates.take(["a"], 2, NOW)
    assert [0, 0] == [rates.take(["a"], 2, NOW + 10**8) for _ in range(2)]
    assert 0 < rates.take(["a"], 2, NOW + 10**8)


def test_no_names_are_never_refused_and_memory_is_bounded():
    rates = Rates()
    assert 0 == rates.take([], 1, NOW)
    for number in range(MOST + 500):
        rates.take([str(number)], 1, NOW)
    assert MOST == len(rates)
    assert 0 < rates.take([str(MOST + 499)], 1, NOW)
