"""The nightly refresh on moto: what it repairs, what it leaves alone, and how it goes on after a stop."""

import json
from dataclasses import replace

import pytest

from functions import wiring
from functions.core.base.identity import profile_id
from functions.core.base.task_codec import decode
from functions.core.base.tasks.refreshes import ApplyBorders, RefreshProfiles
from functions.core.profiles.state import Membership, pack
from functions.core.segments import engine
from functions.handlers import refresh as handler
from functions.usecases.refresh import PASSED_OVER, RefreshRun, place, refresh
from functions.usecases.stored_profiles import of_profile
from tests.console import ANN, BOB, BUYERS, DAY, HOUR, NOW, event, order
from tests.lambda_context import CONTEXT
from tests.poison import poisoned
from tests.queues import taken

ROUND = RefreshProfiles(None, NOW)
CHAMPIONS = "id: champions\nname: Champions\nannounce: true\nwhen: rfm monetary >= 5 and rfm recency >= 5\n"
ACTED = BUYERS


def run(world, sample=100, task=None, late=lambda: False):
    """Go on with a round; return it and whether it is done."""
    refresh_run = RefreshRun.of(task or ROUND, sample)
    done = refresh(world.context(), refresh_run, late)
    return refresh_run, done


def stored_state_of(world, who):
    return of_profile(world.context(), profile_id(who)).states[profile_id(who)]


def spoil(world, who, change):
    """Write the profile's state as a fault might have left it."""
    stored_state, ruleset = stored_state_of(world, who), wiring.ruleset(fresh=True)
    state = change(ruleset.state(stored_state))
    world.ports.people.save_state(stored_state._replace(packed=pack(state), due=state.due))


def state_of(world, who):
    return wiring.ruleset(fresh=True).state(stored_state_of(world, who))


def next_instant(state):
    """When time next changes what is acted on; ``due`` may come before it, never after."""
    return engine.settle(state, wiring.ruleset().catalogue, NOW, "event").due


def queued(queue):
    """The messages of a queue, taken off it."""
    return [{"messageId": str(number), "body": body} for number, body in enumerate(taken(queue))]


@pytest.fixture
def shop(world):
    world.save(ACTED)
    world.tell(order(ANN, 2 * DAY, number=1), order(ANN, 9 * DAY, number=2), order(BOB, 40 * DAY))
    world.tell(event("Product Viewed", BOB, 2 * HOUR))
    return world


def test_a_healthy_shop_has_no_difference_and_nothing_is_written(shop):
    before = stored_state_of(shop, ANN), stored_state_of(shop, BOB)
    refresh_run, done = run(shop)
    assert (True, 2, 2, 0) == (done, refresh_run.profiles, refresh_run.checked, refresh_run.differences)
    assert before == (stored_state_of(shop, ANN), stored_state_of(shop, BOB))


@pytest.mark.parametrize(
    "change",
    [
        lambda state: replace(state, timelines={}),
        lambda state: replace(state, memberships={}),
        lambda state: replace(state, due=None),
        lambda state: replace(state, due=state.due + 15 * DAY),
    ],
    ids=["a timeline is lost", "a membership is lost", "a timer is lost", "a timer is late"],
)
def test_what_differs_from_the_log_is_counted_and_repaired_once(shop, change):
    right = state_of(shop, ANN)
    spoil(shop, ANN, change)
    assert 1 == run(shop)[0].differences
    repaired = state_of(shop, ANN)
    assert (right.timelines, right.memberships.keys(), next_instant(right)) == (
        repaired.timelines,
        repaired.memberships.keys(),
        repaired.due,
    )
    assert 0 == run(shop)[0].differences


def test_somebody_who_cannot_be_repaired_is_passed_over_and_counted_and_the_others_are_checked(shop):
    spoil(shop, ANN, lambda state: replace(state, timelines={}))
    counts = shop.context().counts
    before = counts[PASSED_OVER]
    with poisoned(KeyError("of the program"), ANN):
        refresh_run, done = run(shop)
    assert (True, 2, 1, 0) == (done, refresh_run.profiles, refresh_run.checked, refresh_run.differences)
    assert before + 1 == counts[PASSED_OVER]
    assert 1 == run(shop)[0].differences


def test_somebody_held_in_a_segment_by_mistake_is_let_go_without_news(shop):
    spoil(shop, BOB, lambda state: replace(state, memberships={"buyers": Membership(NOW - DAY, "event")}))
    assert 1 == run(shop)[0].differences
    assert {} == state_of(shop, BOB).memberships


def test_what_is_in_the_log_and_not_folded_yet_is_no_difference(shop):
    shop.log(order(BOB, 60, number=5))
    before = stored_state_of(shop, BOB)
    assert (0, before) == (run(shop)[0].differences, stored_state_of(shop, BOB))


def test_an_event_that_was_never_folded_is_a_difference(shop):
    shop.log(order(BOB, 2 * DAY, number=5))
    assert 1 == run(shop)[0].differences
    assert {"buyers"} == state_of(shop, BOB).memberships.keys()


def test_what_the_log_has_dropped_by_age_is_remembered(world):
    world.save('id: once\nname: Once\nannounce: true\nwhen: did "Order Completed"\n')
    world.tell(order(ANN, 800 * DAY))
    world.ports.log.erase(ANN)
    assert 0 == run(world)[0].differences
    assert {"once"} == state_of(world, ANN).memberships.keys()


def test_the_sample_is_another_one_every_night():
    people = [f"p{n}" for n in range(2000)]
    nights = [
        {who for who in people if RefreshRun.of(RefreshProfiles(None, NOW + n * DAY), 10).samples(who)}
        for n in range(30)
    ]
    assert all(130 < len(found) < 270 for found in nights)
    assert 1850 < len(set().union(*nights))
    assert not any(RefreshRun.of(ROUND, 0).samples(who) for who in people)
    assert all(RefreshRun.of(ROUND, 100).samples(who) for who in people)


CUSTOMERS = [f"email:p{n}@x.org" for n in range(50)]


def fifty_customers(world):
    """Each a day before the next, and for less."""
    world.tell(*(order(who, n * DAY, total=1000 * (50 - n), number=n) for n, who in enumerate(CUSTOMERS)))


def test_borders_come_from_everybody_and_place_them(world):
    world.save(CHAMPIONS)
    fifty_customers(world)
    assert [] == world.members("champions")
    assert 50 == run(world)[0].tally.people
    borders = wiring.ruleset(fresh=True).borders
    assert borders
    assert ([10, 20, 30, 40], [2, 2, 2, 2]) == (borders["recency"], borders["frequency"])
    assert sorted(profile_id(who) for who in CUSTOMERS[:10]) == world.members("champions")
    assert (50, NOW) == (borders["people"], borders["drawn"])
    assert [ApplyBorders()] == [decode("refreshes", each["body"]) for each in queued("refreshes")]


def test_a_run_that_comes_again_after_it_published_its_borders_places_everybody_still(world):
    """It may have been stopped between the two writes."""
    world.save(CHAMPIONS)
    fifty_customers(world)
    run(world)
    queued("refreshes")
    revision = world.ports.definitions.revision()
    run(world)
    assert revision == world.ports.definitions.revision()
    assert [ApplyBorders()] == [decode("refreshes", each["body"]) for each in queued("refreshes")]


def test_only_who_moves_is_written_when_the_borders_move(world):
    world.save(CHAMPIONS)
    fifty_customers(world)
    run(world)
    before = {who: stored_state_of(world, who) for who in CUSTOMERS}
    assert 10 == place(wiring.context, None, lambda: False)
    written = [who for who in CUSTOMERS if stored_state_of(world, who) != before[who]]
    assert CUSTOMERS[:10] == written
    assert {"champions"} == state_of(world, CUSTOMERS[0]).memberships.keys()
    assert 0 == place(wiring.context, None, lambda: False)


def test_entry_on_publish_and_new_borders_bring_in_as_an_entry_only_whom_the_version_brings_in(world):
    """Ann is the best customer when the version comes; Bob becomes it by the borders of a later night."""
    others = [order(who, DAY, total=1000 + n, number=n) for n, who in enumerate(CUSTOMERS)]
    world.tell(order(ANN, DAY, total=9000), *others)
    world.save("id: best\nname: Best\nannounce: true\nwhen: rfm monetary >= 5\n")
    run(world)
    world.run_backfills()
    world.tell(order(BOB, DAY, total=1030))
    text = 'id: best\nname: Best\nannounce: true\nwhen: rfm monetary >= 5 or did "Gone"\n'
    world.save(text, backfilled="send")
    world.run_backfills()
    world.tell(*(order(f"email:q{n}@x.org", HOUR, total=10, number=n) for n in range(50)))
    assert [] == [who for who in (BOB,) if "best" in state_of(world, who).memberships]
    run(world)
    place(wiring.context, None, lambda: False)
    causes = {who: state_of(world, who).memberships["best"].cause for who in (ANN, BOB)}
    assert "published" not in causes.values()


def test_the_same_borders_again_are_no_new_version(world):
    world.save(CHAMPIONS)
    fifty_customers(world)
    run(world)
    revision = world.ports.definitions.revision()
    run(world)
    run(world, task=RefreshProfiles(None, NOW + DAY))
    assert revision == world.ports.definitions.revision()
    world.tell(order(CUSTOMERS[40], HOUR, total=100000, number=7))
    run(world)
    assert revision + 1 == world.ports.definitions.revision()


def test_a_shop_with_few_customers_is_told_that_it_has_too_few(world):
    world.save(CHAMPIONS)
    world.tell(order(ANN, DAY), order(BOB, 5 * DAY, total=900))
    asked = {"when": "rfm recency = 5"}
    assert ["nobody is in a fifth yet: the night draws them for the first time"] == warnings(world, asked)
    run(world)
    assert [] == queued("refreshes")
    few = "nobody is in a fifth: 2 customers have ordered, and 50 are needed to tell fifths"
    assert [few] == warnings(world, asked) == warnings(world, {"when": 'did "Cart Viewed" or in segment "champions"'})
    assert [] == warnings(world, {"when": 'did "Cart Viewed"'})
    explained = world.ask("GET", f"/api/profiles/{profile_id(ANN)}/explain/champions")
    assert few in json.dumps(explained["tree"])
    assert [] == world.members("champions")


def test_groups_are_emptied_when_too_few_customers_remain(world):
    world.save(CHAMPIONS)
    fifty_customers(world)
    run(world)
    place(wiring.context, None, lambda: False)
    queued("refreshes")
    world.tell(both_of(CUSTOMERS[48:]))
    run(world)
    assert [ApplyBorders()] == [decode("refreshes", each["body"]) for each in queued("refreshes")]
    assert 10 == place(world.context, None, lambda: False)
    assert not any(state.memberships for state in world.states().values())


def both_of(names):
    """An account that turns out to have both addresses."""
    return replace(event("Identified", names[0], 5), identifiers=(*names, "user_id:9"))


def warnings(world, asked):
    return [each["message"] for each in world.ask("POST", "/api/preview", asked)["warnings"]]


def test_a_shop_that_asks_for_no_groups_counts_none(shop):
    assert 0 == run(shop)[0].tally.people
    assert None is wiring.ruleset(fresh=True).borders


def test_a_refresh_that_stops_after_every_page_comes_to_the_same_result(world, monkeypatch):
    world.save(CHAMPIONS)
    people = [f"email:p{n}@x.org" for n in range(7)]
    world.tell(*(order(who, n * DAY, total=1000 + n, number=n) for n, who in enumerate(people)))
    whole = run(world)[0]
    queued("refreshes")
    paged = world.ports.people.pages
    monkeypatch.setattr(world.ports.people, "pages", lambda start=None, size=2: paged(start, 2))
    rounds = 1
    refresh_run, done = run(world, late=lambda: True)
    while not done:
        (message,) = queued("refreshes")
        task = decode("refreshes", message["body"])
        # A message that is delivered twice does no harm.
        run(world, task=task, late=lambda: True)
        queued("refreshes")
        refresh_run, done = run(world, task=task, late=lambda: True)
        rounds += 1
    assert rounds > 4
    assert (whole.tally.counts, whole.profiles, whole.checked) == (
        refresh_run.tally.counts,
        refresh_run.profiles,
        refresh_run.checked,
    )


def test_the_schedule_begins_a_refresh_and_the_queue_continues_it(shop, monkeypatch, capsys):
    monkeypatch.setattr(RefreshRun, "samples", lambda *_: True)
    spoil(shop, ANN, lambda state: replace(state, timelines={}))
    handler.handler({"source": "aws.scheduler"}, CONTEXT)
    (message,) = queued("refreshes")
    assert RefreshProfiles(None, NOW) == decode("refreshes", message["body"])
    capsys.readouterr()
    assert {"batchItemFailures": []} == handler.handler({"Records": [message]}, CONTEXT)
    (counts,) = (each for each in map(json.loads, capsys.readouterr().out.splitlines()) if "_aws" in each)
    counts.pop("_aws")
    assert {"RefreshDifferences": [1], "RefreshProfiles": [2], "RefreshChecked": [2]} == counts
