"""The borders of the RFM groups, from counts of everybody."""

import random
from decimal import Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from functions.core.scores import rfm, tally
from functions.core.scores.tally import Tally

NOW = 1_767_225_600
DAY = 86_400


def filled(amounts, order=None):
    found = Tally()
    for amount in order or amounts:
        found.add(rfm.Orders(NOW - amount % 97 * DAY, amount % 7 + 1, Decimal(amount) / 100), NOW)
    return found


def type_7(numbers, share):
    ordered = sorted(numbers)
    place = (len(ordered) - 1) * share
    low, high = ordered[int(place)], ordered[min(int(place) + 1, len(ordered) - 1)]
    return low + (high - low) * (place - int(place))


@given(st.lists(st.integers(-5000, 10**6), min_size=50, max_size=90))
def test_borders_lie_at_the_quantiles_of_type_7_on_the_side_that_is_better_for_equals(amounts):
    found = filled(amounts)
    borders = Tally.unpacked(found.packed()).borders(NOW)
    for n in (1, 2, 3, 4):
        share = Fraction(n, 5)
        recency = type_7([amount % 97 for amount in amounts], share)
        assert all((days < borders["recency"][n - 1]) == (days <= recency) for days in range(97))
        often = type_7([amount % 7 + 1 for amount in amounts], share)
        assert all((times >= borders["frequency"][n - 1]) == (times >= max(2, often)) for times in range(1, 8))
        paid = type_7([Fraction(amount, 100) for amount in amounts], share)
        assert 0 <= Fraction(borders["monetary"][n - 1]) - paid < Fraction(1, tally.SCALE["monetary"])


def test_of_very_many_amounts_the_borders_are_known_to_one_part_in_hundreds_in_any_order(monkeypatch):
    monkeypatch.setattr(tally, "MOST", 500)
    chance = random.Random(5)
    amounts = [int(10 ** chance.uniform(2, 6)) for _ in range(5000)]
    found, turned = filled(amounts), filled(amounts, sorted(amounts))
    assert (found.kept, found.counts) == (turned.kept, turned.counts)
    assert 500 >= len(found.counts["monetary"])
    for n, border in enumerate(found.borders(NOW)["monetary"], 1):
        exact = type_7([Fraction(amount, 100) for amount in amounts], Fraction(n, 5))
        assert abs(Fraction(border) - exact) < exact / 20


def test_a_tally_of_a_million_people_fits_in_a_message():
    found = Tally()
    chance = random.Random(1)
    for measure, numbers in (("recency", 3653), ("frequency", 300), ("monetary", tally.MOST)):
        for number in range(numbers):
            found.counts[measure][number * 37 if measure == "monetary" else number] = chance.randrange(1, 900)
    assert 200_000 > len(found.packed())


def test_when_nobody_ordered_there_are_no_borders():
    assert {"drawn": NOW, "people": 0} == Tally().borders(NOW)
