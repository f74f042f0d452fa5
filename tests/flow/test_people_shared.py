"""A device or cart that several people use: what is done without a name is of whoever was last logged in."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations

import pytest

from functions.core.base.events import Event
from functions.core.profiles.grouping import MOST_OWNERS
from functions.core.profiles.records import Pointer
from functions.usecases import people, profile_session, profile_update
from functions.usecases.fold import fold
from functions.usecases.refresh_check import check
from tests.flow.in_memory_app import InMemoryApp

START = 1_700_000_000
ANN, BEN, DEVICE = "user_id:ann", "user_id:ben", "anonymous_id:tablet"
STORY = ((ANN, 10), ("", 20), (BEN, 30), ("", 40), (ANN, 50), ("", 60))


def did(second: int, *names: str) -> Event:
    return Event("A", START + second, START + second, names, f"2026#{second:03d}{names[0]}", "t")


def told(story: tuple[tuple[str, int], ...]) -> list[Event]:
    return [did(second, *([who] if who else []), DEVICE) for who, second in story]


def log(shop: InMemoryApp, events: list[Event]) -> None:
    shop.now = START + 1000
    shop.log.append(events)


def tell(shop: InMemoryApp, events: list[Event]) -> None:
    log(shop, events)
    assert fold(shop.context, events) == {}


def nameless(shop: InMemoryApp, who: str) -> list[int]:
    """When the person did something without a name."""
    everything = people.events(shop.context, people.by_identifier(shop.context, who), 100)["events"]
    return sorted(each["second"] for each in map(second, everything) if each["nameless"])


def second(view: dict[str, object]) -> dict[str, int]:
    return {"second": int(str(view["id"]).split("#")[1][:3]), "nameless": str(view["id"]).startswith("anonymous")}


@pytest.mark.parametrize("order", list(permutations(range(len(STORY))))[::37])
def test_each_has_what_was_done_while_they_were_the_last_to_log_in(order: tuple[int, ...]) -> None:
    shop = InMemoryApp(START)
    for place in order:
        tell(shop, [told(STORY)[place]])
    assert ([20, 60], [40]) == (nameless(shop, ANN), nameless(shop, BEN))


def test_what_was_done_before_the_first_login_is_of_the_first_who_logs_in() -> None:
    shop = InMemoryApp(START)
    tell(shop, told((("", 1), (BEN, 30), ("", 40))))
    tell(shop, told(((ANN, 10), ("", 20))))
    assert ([1, 20], [40]) == (nameless(shop, ANN), nameless(shop, BEN))


def test_what_comes_late_without_a_name_is_of_its_time() -> None:
    shop = InMemoryApp(START)
    tell(shop, told(STORY))
    tell(shop, told((("", 35), ("", 15))))
    assert ([15, 20, 60], [35, 40]) == (nameless(shop, ANN), nameless(shop, BEN))


def test_a_cart_that_is_carried_by_the_device_passes_on_with_it() -> None:
    shop, cart = InMemoryApp(START), "shopify_cart:c1"
    tell(shop, [did(1, ANN, cart), did(2, BEN, DEVICE), did(3, DEVICE, cart), did(4, cart)])
    tell(shop, [did(0, cart)])
    assert {cart} & people.by_identifier(shop.context, ANN).attributes.identifiers
    times = {who: sorted(e.time - START for e in history(shop, who)) for who in (ANN, BEN)}
    assert {ANN: [0, 1], BEN: [2, 3, 4]} == times


def history(shop: InMemoryApp, who: str) -> list[Event]:
    return profile_update.history(shop.context, people.by_identifier(shop.context, who).attributes)


def test_the_pre_send_check_at_one_does_not_see_what_the_other_did() -> None:
    shop = InMemoryApp(START)
    tell(shop, told(STORY))
    log(shop, told((("", 45), ("", 70))))
    for who, expected in ((ANN, [20, 60, 70]), (BEN, [40, 45])):
        seen = profile_session.current(shop.context, people.by_identifier(shop.context, who).attributes.profile, START)
        assert seen
        assert expected == [e.time - START for e in seen.tail if len(e.identifiers) == 1]


def test_the_pre_send_check_sees_a_login_on_somebody_else_s_device_that_nobody_has_folded() -> None:
    shop = InMemoryApp(START)
    tell(shop, [did(1, ANN, DEVICE), did(2, DEVICE), did(3, BEN)])
    log(shop, [did(10, BEN, DEVICE), did(11, DEVICE)])
    seen = profile_session.current(shop.context, people.by_identifier(shop.context, BEN).attributes.profile, START)
    assert seen
    assert [3, 10, 11] == [event.time - START for event in seen.tail]
    assert ANN not in seen.attributes.identifiers


def test_a_till_joins_nobody_and_says_nothing_of_who_was_there() -> None:
    shop = InMemoryApp(START)
    many = [f"user_id:u{number}" for number in range(MOST_OWNERS + 2)]
    for place, who in enumerate(many):
        tell(shop, [did(10 * place, who, DEVICE), did(10 * place + 1, DEVICE)])
    assert [[who] for who in many] == [
        sorted(people.by_identifier(shop.context, who).attributes.identifiers) for who in many
    ]
    assert [10 * place + 1 for place in range(len(many))] == nameless(shop, DEVICE)
    log(shop, [did(900, DEVICE), did(901, many[0], DEVICE)])
    seen = profile_session.current(shop.context, people.by_identifier(shop.context, many[0]).attributes.profile, START)
    assert seen
    assert {(many[0], DEVICE)} == {event.identifiers for event in seen.tail}


def test_a_device_that_the_release_before_shared_is_divided_when_it_is_used_again() -> None:
    shop = InMemoryApp(START)
    tell(shop, told(STORY))
    known = shop.people.pointers[DEVICE]
    first = people.by_identifier(shop.context, ANN).attributes.profile
    shop.people.pointers[DEVICE] = Pointer(DEVICE, first, known.first_seen, "t", ((0, first), (START + 30, BEN)))
    tell(shop, told((("", 70),)))
    assert ([20, 60, 70], [40]) == (nameless(shop, ANN), nameless(shop, BEN))
    assert [0, START + 30, START + 50] == [since for since, _ in shop.people.pointers[DEVICE].owners]


def test_what_is_folded_in_the_very_moment_in_which_a_device_passes_on_is_of_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = InMemoryApp(START)
    text = 'id: did\nname: Did\nannounce: true\nwhen: did "A" at least 3 times\n'
    shop.publish_text("segments", "did", text)
    tell(shop, told(((ANN, 10), ("", 20))))
    point, races = shop.people.point, [told((("", 40),)), told((("", 41),))]

    def after_a_race(pointers: Iterable[Pointer], *, moving: bool = False) -> None:
        several = list(pointers)
        if races and any(pointer.owners for pointer in several):
            tell(shop, races.pop())
        point(several, moving=moving)

    monkeypatch.setattr(shop.people, "point", after_a_race)
    tell(shop, told(((BEN, 30),)))
    assert not races
    assert ([20], [40, 41]) == (nameless(shop, ANN), nameless(shop, BEN))
    for stored_state in list(shop.people.states.values()):
        assert not check(replace(shop.context, now=shop.now + 7200), stored_state)
