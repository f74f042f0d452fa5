"""Batches of one shard come at once, and of each several people are folded side by side: everybody is as one by one."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import pytest

from functions.core.base.chunks import chunks
from functions.core.base.events import Event, log_key
from functions.settings import read as read_settings
from functions.usecases.fold import connected, fold_apart
from functions.usecases.side_by_side import LANES
from functions.usecases.stored_profiles import read
from tests.fakes.waiting import make_wait
from tests.flow.in_memory_app import InMemoryApp

START = 1_795_288_320
BUYERS = 'id: buyers\nname: Buyers\nwhen: did "Order Completed" at least 2 times within 30 days\nannounce: true\n'
PORTS = ("log", "people", "names", "queues", "counters")


def event(number: int, *names: str) -> Event:
    at = START + number
    return Event("Order Completed", at, at, names, log_key(at, str(number)), "shopify", {"total": number})


def shop() -> InMemoryApp:
    app = InMemoryApp(now=START + 1000, settings=read_settings({"JOINS_PER_DAY": "1000"}))
    app.publish_text("segments", "buyers", BUYERS)
    return app


def known(app: InMemoryApp, names: set[str]) -> dict[str, object]:
    """Of each identifier, the identifiers of who has it, what they did and where they are in."""
    stored = read(app.context, names, with_attributes=True)
    people = {name: stored.profile_of(name) or "" for name in sorted(names)}
    states = {name: app.ruleset.state(stored.state_of(profile)) for name, profile in people.items()}
    return {
        name: (
            stored.attributes_of(people[name]).identifiers,
            stored.attributes_of(people[name]).spans,
            {address: timeline.entries for address, timeline in states[name].timelines.items()},
            set(states[name].memberships),
        )
        for name in people
    }


@pytest.mark.parametrize("seed", range(6))
def test_in_whatever_order_and_however_many_at_once_everybody_is_as_one_after_the_other(seed: int) -> None:
    chance = Random(seed)
    # Addresses that share devices, so that people are joined and divided while others are folded.
    events = [
        event(number, *chance.sample([f"email:{chance.randrange(12)}@x.org", f"anonymous_id:{chance.randrange(9)}"], 2))
        if chance.random() < 0.4
        else event(
            number, chance.choice([f"email:{chance.randrange(12)}@x.org", f"anonymous_id:{chance.randrange(9)}"])
        )
        for number in range(120)
    ]
    names = {name for each in events for name in each.identifiers}
    calm, busy = shop(), shop()
    for app in (calm, busy):
        app.log.append(events)
        app.log.stream.clear()
    for each in events:
        assert {} == fold_apart(calm.context, [each])
    shuffled = chance.sample(events, len(events))
    make_wait(busy, PORTS, 0.0005)

    def deliver(batch: list[Event]) -> list[Event]:
        failed = fold_apart(replace(busy.context, lanes=LANES), batch)
        return batch[min(failed) :] if failed else []

    waiting = list(chunks(shuffled, 25))
    with ThreadPoolExecutor(5) as pool:
        while waiting:
            waiting = [left for left in pool.map(deliver, waiting) if left]
    assert known(calm, names) == known(busy, names)


def test_events_of_one_person_under_two_identifiers_are_folded_together() -> None:
    app = shop()
    assert {} == fold_apart(app.context, [event(1, "email:a@x.org", "user_id:a"), event(2, "email:b@x.org")])
    later = [event(3, "email:a@x.org"), event(4, "email:b@x.org"), event(5, "user_id:a"), event(6, "email:c@x.org")]
    stored = read(app.context, {name for each in later for name in each.identifiers}, with_attributes=False)
    assert [[0, 2], [1], [3]] == list(connected(later, stored))
