"""So many events of a person in a day count: which they are depends on the events alone, and answers always do."""

from dataclasses import replace
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event, log_key
from functions.core.profiles.daily import DAY, Day, admit, counted

MOST = 3


def event(number: int, received: int, **changes: Any) -> Event:
    sort = log_key(received, f"{number:04}")
    return replace(Event("Looked", received, received, ("email:ann@x.org",), sort, "test"), **changes)


EVENTS = st.lists(
    st.tuples(st.integers(0, 3 * DAY), st.sampled_from([None, "subscribed", "unsubscribed"])), max_size=30
).map(lambda drawn: [event(n, at, consent=consent) for n, (at, consent) in enumerate(drawn)])


def of_days(events: list[Event]) -> dict[int, list[Event]]:
    return {day: [each for each in events if each.received // DAY == day] for day in range(4)}


@given(EVENTS, st.randoms(use_true_random=False))
def test_the_first_of_a_day_count_in_whatever_order_they_are_read(events: list[Event], chance: Random) -> None:
    kept = counted(events, MOST)
    shuffled = chance.sample(events, len(events))
    assert {each.id for each in kept} == {each.id for each in counted(shuffled, MOST)}
    assert [each for each in events if each in kept] == kept
    for day, every in of_days(events).items():
        plain = sorted((each for each in every if not each.consent), key=lambda each: (each.received, each.id))
        wanted = [*plain[:MOST], *(each for each in every if each.consent)]
        assert {each.id for each in wanted} == {each.id for each in kept if each.received // DAY == day}


@given(EVENTS, st.integers(1, 7))
def test_what_comes_in_the_order_of_receipt_is_counted_as_it_is_read(events: list[Event], together: int) -> None:
    ordered = sorted(events, key=lambda each: (each.received, each.id))
    today, kept = Day(), list[Event]()
    for begin in range(0, len(ordered), together):
        some, today = admit(today, ordered[begin : begin + together], MOST)
        kept += some
    assert [each.id for each in counted(ordered, MOST)] == [each.id for each in kept]
    last = [each for each in of_days(ordered).values() if each]
    assert today.over == bool(last and len([each for each in last[-1] if not each.consent]) > MOST) or today.day == 0


def test_an_event_of_an_earlier_day_counts_since_nobody_knows_that_day_any_more() -> None:
    late = event(1, DAY - 1)
    assert ([late], Day(1, MOST, over=True)) == admit(Day(1, MOST, over=True), [late], MOST)
