"""What the public says of an order or a trait counts only as long as nobody trusted says something of the same."""

from dataclasses import replace
from itertools import permutations

import pytest

from functions.core.base.errors import Undecided
from functions.core.base.events import Event
from functions.core.base.instants import holds
from functions.core.base.trust import Trust
from functions.core.segments import engine
from functions.core.segments.language import parser

DAY = 86_400
NOW = 1_795_000_000


def order(number: str, total: int, day: int, trust: Trust = "signed") -> Event:
    time = NOW - 100 * DAY + day * DAY
    return Event(
        name="Order Completed",
        time=time,
        received=time,
        identifiers=("user_id:ann",),
        sort=f"{time}#{trust}{number}",
        source="test",
        properties={"total": total, "currency": "EUR"},
        natural=f"order:{number}",
        trust=trust,
    )


def is_in(text: str, *told: Event) -> bool:
    """True if the condition holds at NOW after the events were folded one by one, as they arrive."""
    catalogue = engine.compile_catalogue({"asked": parser.parse(text)}, active=["asked"])
    state = engine.fresh(catalogue, "ann")
    for count, event in enumerate(told, 1):
        try:
            state, _ = engine.fold(state, [event], catalogue, NOW)
        except Undecided:
            state, _ = engine.fold(state, [event], catalogue, NOW, engine.KnownEvents(told[:count]))
    return holds(engine.evaluate(state, catalogue, NOW)["asked"])


SHOP, BROWSER = order("1", 2_000, 10), order("1", 99_900, 20, "public")


@pytest.mark.parametrize("told", list(permutations([SHOP, BROWSER, order("2", 500, 15)])))
@pytest.mark.parametrize(
    "text",
    [
        'sum of total over "Order Completed" = 25',
        'maximum of total over "Order Completed" = 20',
        'last value of total over "Order Completed" = 999',
        'did "Order Completed" exactly 2 times',
    ],
)
def test_the_shops_own_amount_counts_in_whatever_order_both_arrive(text: str, told: tuple[Event, ...]) -> None:
    # The last value is a question about events, not about orders: the later report is the last event.
    assert is_in(text, *told)


def test_an_order_that_only_the_browser_reports_counts() -> None:
    assert is_in('sum of total over "Order Completed" = 999', BROWSER)


@pytest.mark.parametrize("told", list(permutations([SHOP, BROWSER, order("2", 500, 95)])))
def test_a_report_of_today_does_not_bring_an_old_order_back(told: tuple[Event, ...]) -> None:
    # Of 85 days, so that the shop's report of order 1 is older than what the timeline keeps.
    assert is_in('sum of total over "Order Completed" within 85 days = 5', *told)


def test_the_log_is_asked_where_the_shops_report_may_have_been_left_out() -> None:
    catalogue = engine.compile_catalogue(
        {"asked": parser.parse('sum of total over "Order Completed" within 85 days > 5')}, active=["asked"]
    )
    state, _ = engine.fold(engine.fresh(catalogue, "ann"), [SHOP, order("2", 500, 99)], catalogue, NOW)
    with pytest.raises(Undecided):
        engine.fold(state, [BROWSER], catalogue, NOW)


def stated(plan: str, day: int, trust: Trust) -> Event:
    return replace(order("-", 0, day, trust), name="Identified", natural=None, properties={}, traits={"plan": plan})


@pytest.mark.parametrize(
    "told", list(permutations([stated("free", 10, "signed"), stated("pro", 20, "token"), stated("vip", 30, "public")]))
)
def test_the_trait_that_the_shop_states_counts_in_whatever_order_all_arrive(told: tuple[Event, ...]) -> None:
    assert is_in('trait plan = "free"', *told)
    assert is_in('trait plan = "pro"', *(each for each in told if each.trust != "signed"))
    assert is_in('trait plan = "vip"', *(each for each in told if each.trust == "public"))
