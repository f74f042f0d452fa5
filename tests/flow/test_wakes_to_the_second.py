"""Whoever falls due is worked on in that second, also before the next tick and also if they were to be due later."""

import pytest

from functions.usecases.react import ProfileChange, react
from tests.flow.in_memory_app import RECEIVERS
from tests.flow.told_shop import ANN, DAY, HELLO, HOUR, START, ToldShop

GONE = "id: gone\nname: Gone\nstart: {segment: lately, on: leave}\nsteps:\n  - send: note\n"
LATELY = 'id: lately\nname: Lately\nwhen: did "Product Added" within 1 hour\n'
LONG = 'id: long\nname: Long\nannounce: true\nwhen: did "Signed Up" within 9 hours\n'
NOW = HELLO.replace("  - wait: 1 hour\n", "")


class Windows(ToldShop):
    """A shop that writes to people at the second in which they have not put anything into a cart for an hour."""

    def __init__(self) -> None:
        super().__init__(GONE, needed=(("segments", LATELY), ("segments", LONG)))


@pytest.mark.parametrize("seconds", [1, 15, 19])
def test_a_window_that_closes_before_the_next_tick_closes_on_its_second(seconds: int) -> None:
    shop = Windows()
    assert START % 60 + seconds < 60
    shop.tell("Product Added", ANN, ago=HOUR - seconds)
    shop.to(START + HOUR)
    assert [START + seconds] == [mail.at for mail in shop.mails]


def test_a_window_that_closes_before_the_one_known_so_far_closes_on_its_second() -> None:
    shop = Windows()
    shop.tell("Signed Up", ANN)
    shop.to(START + 2 * HOUR)
    shop.tell("Product Added", ANN)
    shop.to(START + DAY)
    assert START + 3 * HOUR in [mail.at for mail in shop.mails]


def test_a_window_that_closes_later_than_known_so_far_is_not_written_and_closes_on_its_second() -> None:
    """Waking early does no harm, and each write of a due instant costs."""
    shop = Windows()
    shop.tell("Product Added", ANN)
    (profile,) = shop.people.states
    shop.to(START + HOUR // 2)
    shop.tell("Product Added", ANN)
    assert START + HOUR == shop.people.states[profile].due
    shop.to(START + DAY)
    assert [START + HOUR + HOUR // 2] == [mail.at for mail in shop.mails]


def test_a_run_that_was_started_before_is_queued_again_when_its_start_is_delivered_again() -> None:
    """The process may have died after it wrote the run and before it queued it."""
    shop = ToldShop(NOW)
    shop.stalled = True
    shop.tell("Signed Up", ANN)
    shop.stalled = False
    while not shop.people.stream:
        shop._step()
    (before, after) = shop.people.stream[0]
    states = shop.ruleset.state(before or after._replace(packed=b"")), shop.ruleset.state(after)
    change = ProfileChange(after.profile, *states, after.version)
    react(shop.context, change, RECEIVERS)
    shop._queue.clear()
    shop.people.stream.clear()
    react(shop.context, change, RECEIVERS)
    shop.settle()
    assert [START] == [mail.at for mail in shop.mails]
