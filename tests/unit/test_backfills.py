"""The backfill that follows a publication: in lanes, from page to page, and how far it is."""

import json
from collections import Counter

import pytest
from botocore.exceptions import ClientError

from functions import wiring
from functions.core.base.identity import profile_id
from functions.core.definitions.records import Definition
from functions.core.scores.link import EXAMPLE_BORDERS
from functions.core.segments import engine
from functions.handlers.backfill import handler
from functions.settings import DEFAULTS
from functions.usecases import backfill
from tests.console import ANN, BIG, BOB, BUYERS, CALM, HOUR, NOW, SETTINGS, both, event, opened, order
from tests.lambda_context import CONTEXT, HURRIED
from tests.notes import note
from tests.poison import poisoned

TEMPLATE = note("hi", "transactional", "Hi")
AWAY = ClientError({"Error": {"Code": "ThrottlingException"}}, "PutItem")
CONFLICT = ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "PutItem")
LANES = int(DEFAULTS["BACKFILL_LANES"])


@pytest.fixture
def short_pages(monkeypatch):
    """Pages of four rows."""
    people = type(wiring.ports().people)
    pages = people.pages
    monkeypatch.setattr(people, "pages", lambda self, start=None, size=200, **more: pages(self, start, 4, **more))


def crowd(world, size=12):
    """Many buyers, whom nobody has evaluated by a segment."""
    people = [f"email:p{number}@x.org" for number in range(size)]
    world.tell(*(order(who, HOUR, 20000) for who in people))
    return people


def shown(world, **query):
    return world.ask("GET", "/api/backfills", **query)["backfills"]


def lacking(world):
    catalogue = wiring.ruleset(fresh=True).catalogue
    return [profile for profile, state in world.states().items() if engine.missing(state, catalogue)]


def test_a_publication_queues_as_many_lanes_as_are_set(world):
    world.save(BUYERS)
    bodies = world.queued()
    assert [{"revision": 1, "lane": lane, "of": LANES, "ready": False} for lane in range(LANES)] == bodies


def test_a_backfill_gives_everybody_the_new_timelines_and_a_second_one_changes_nothing(world):
    world.tell(order(ANN, HOUR, 20000), order(BOB, HOUR, 100))
    world.save(BIG)
    world.save(CALM.replace("buyers", "big"))
    assert {profile_id(ANN), profile_id(BOB)} == {*lacking(world)}
    last = [body for body in world.queued() if body["revision"] == 2]
    world.go_on(*last)
    after = world.states()
    assert [] == lacking(world)
    versions = world.ports.people.load((), after)[1]
    world.go_on(*last)
    assert versions == world.ports.people.load((), after)[1]


def test_who_is_folded_before_the_backfill_reaches_them_is_filled_from_the_whole_log(world):
    """Of an event that names one identifier the attributes are not read, and they say where the history is."""
    world.tell(order(ANN, HOUR, 20000), order("user_id:1", HOUR, 300), both("2026-11-21T11:30:00"))
    world.save(BIG)
    world.tell(event("Product Viewed", ANN, 60))
    (state,) = world.states().values()
    assert {"big"} == state.memberships.keys()
    assert 2 == sum(len(held.entries) for held in state.timelines.values())
    assert [] == lacking(world)


def test_each_lane_does_its_own_part_in_any_order(world):
    crowd(world, 30)
    world.save(BIG)
    *most, last = reversed(world.queued())
    world.go_on(*most)
    left = lacking(world)
    assert 0 < len(left) < 30
    assert (30 - len(left), LANES - 1) == (shown(world)[0]["profiles"]["seen"], shown(world)[0]["lanes"]["done"])
    world.go_on(last)
    assert [] == lacking(world)


def test_a_backfill_that_runs_out_of_time_goes_on_at_its_place(world, short_pages):
    crowd(world)
    world.save(BIG)
    rounds: Counter[int] = Counter()
    while bodies := world.queued():
        rounds.update(body["lane"] for body in bodies)
        world.go_on(*bodies, lambda_context=HURRIED)
    assert max(rounds.values()) > 1
    assert [] == lacking(world)
    assert 12 == shown(world)[0]["profiles"]["seen"]


def test_a_message_that_comes_again_and_again_counts_nobody_twice(world, short_pages):
    crowd(world)
    world.save(BIG)
    bodies = world.queued()
    world.go_on(*bodies, *bodies, lambda_context=HURRIED)
    world.go_on(*bodies, *world.queued(), *bodies)
    (told,) = shown(world)
    assert ("finished", 12, LANES) == (told["state"], told["profiles"]["seen"], told["lanes"]["done"])


def test_two_at_work_on_one_lane_overtake_each_other_and_count_once(world, monkeypatch, short_pages):
    """The second invocation does the whole lane while the first is on its way to record its first page."""
    crowd(world)
    world.save(BIG)
    bodies, passes = world.queued(), world.ports.backfills
    go_on = type(passes).go_on
    rival: list[int] = []

    def overtaken(self, revision, lane):
        if lane.pages == 1 and not rival:
            rival.append(lane.number)
            world.go_on(bodies[lane.number])
        return go_on(self, revision, lane)

    monkeypatch.setattr(type(passes), "go_on", overtaken)
    world.go_on(*bodies)
    assert [0] == rival
    assert ("finished", 12) == (shown(world)[0]["state"], shown(world)[0]["profiles"]["seen"])


@pytest.mark.parametrize("fault", [KeyError("of the program"), CONFLICT], ids=["fault", "conflict"])
def test_somebody_who_cannot_be_brought_up_to_date_holds_up_nobody_else_and_is_tried_alone(world, monkeypatch, fault):
    monkeypatch.setattr(backfill, "PUT_OFF_FOR", 0)
    people = crowd(world)
    world.save(BIG)
    with poisoned(fault, people[3]):
        world.go_on(*world.queued())
    assert [profile_id(people[3])] == lacking(world)
    assert ("finished", 12) == (shown(world)[0]["state"], shown(world)[0]["profiles"]["seen"])
    bodies = world.queued()
    assert [{"alone": True, "profile": profile_id(people[3])}] == bodies
    world.go_on(*bodies)
    assert [] == lacking(world)
    world.go_on({"alone": True, "profile": "gone"})


@pytest.mark.parametrize("fault", [AWAY, KeyError("a bad deploy")], ids=["outage", "deploy"])
def test_what_is_wrong_with_everybody_puts_nobody_off(world, fault):
    crowd(world)
    world.save(BIG)
    everybody = world.queued()[0] | {"of": 1}
    with poisoned(fault):
        record = {"Records": [{"messageId": "1", "body": json.dumps(everybody)}]}
        try:
            assert ["1"] == [each["itemIdentifier"] for each in handler(record, CONTEXT)["batchItemFailures"]]
        except KeyError:
            assert fault is not AWAY
    assert [] == world.queued()
    assert 12 == len(lacking(world))


def test_a_backfill_for_older_definitions_gives_way_to_the_newer_one(world):
    world.tell(order(ANN, HOUR))
    world.save(BUYERS)
    first = world.queued()
    world.save(BIG)
    before = world.ports.people.load((), [profile_id(ANN)])[1]
    world.go_on(*first)
    assert before == world.ports.people.load((), [profile_id(ANN)])[1]
    world.run_backfills()
    assert [] == lacking(world)
    assert ["finished", "replaced"] == [each["state"] for each in shown(world)]


def test_a_backfill_ends_at_the_page_at_which_a_newer_one_replaces_it(world, monkeypatch, short_pages):
    """Or it would go on to evaluate people by older definitions while the newer backfill is at work."""
    crowd(world, 40)
    world.save(BIG)
    first = world.queued()
    people = type(world.ports.people)
    pages, read = people.pages, []

    def counted(self, *args, **more):
        read.append(more)
        if len(read) == 2:
            world.save(BUYERS)
        return pages(self, *args, **more)

    monkeypatch.setattr(people, "pages", counted)
    world.go_on(*first)
    assert 2 == len(read)


def test_what_needs_no_backfill_of_its_own_does_not_end_the_one_that_is_under_way(world, short_pages):
    crowd(world)
    world.save(BIG)
    world.go_on(*world.queued(), lambda_context=HURRIED)
    world.save(TEMPLATE, "templates")
    world.run_backfills()
    assert [] == lacking(world)
    assert ["finished"] == [each["state"] for each in shown(world)]


def test_a_page_is_evaluated_by_the_definitions_of_its_own_time(world, monkeypatch, short_pages):
    """New borders need no backfill of their own, but whoever places people by the old ones undoes what they did."""
    crowd(world, 40)
    world.save("id: best\nname: Best\nwhen: rfm recency = 5\n")
    people = type(world.ports.people)
    built: list[tuple[str, str]] = []
    pages = people.pages

    def noted(self, *args, **more):
        if len(built) == 1:
            world.ports.definitions.publish(Definition("borders", "rfm", 1, "", EXAMPLE_BORDERS, "test", NOW))
        built.append(wiring.ruleset(fresh=True).catalogue.built)
        return pages(self, *args, **more)

    monkeypatch.setattr(people, "pages", noted)
    world.go_on({"revision": 1})
    found = Counter(state.built for state in world.states().values())
    assert {built[0]: 2, built[1]: 38} == found


def test_a_backfill_waits_until_nobody_folds_by_older_definitions(monkeypatch):
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with opened(max_age=10) as world:
        world.tell(order(ANN, HOUR))
        world.save(BIG)
        world.go_on(*world.queued())
        assert [] == world.queued()
        assert ["waiting"] == [each["state"] for each in shown(world)]
        world.clock.move_to(NOW + 25)
        ready = world.queued()
        assert {True} == {body["ready"] for body in ready}
        assert [profile_id(ANN)] == lacking(world)
        world.go_on(*ready)
        assert [] == lacking(world)


def test_progress_is_told_from_the_asking_to_the_end(world, short_pages):
    assert [] == shown(world)
    crowd(world)
    world.save(BIG)
    (told,) = shown(world)
    assert ("waiting", "segments/big version 1", 1) == (told["state"], told["cause"], told["revision"])
    assert {"seen": 0, "about": 12} == told["profiles"]
    assert {"done": 0, "of": LANES} == told["lanes"]
    assert ("2026-11-21T12:00:00Z", None) == (told["began"], told["finished"])
    world.go_on(*world.queued(), lambda_context=HURRIED)
    (told,) = shown(world)
    assert "under way" == told["state"]
    assert 0 < told["profiles"]["seen"] < 12
    world.clock.move_to(NOW + 60)
    world.run_backfills()
    (told,) = shown(world)
    assert ("finished", "2026-11-21T12:01:00Z") == (told["state"], told["finished"])
    assert ({"seen": 12, "about": 12}, {"done": LANES, "of": LANES}) == (told["profiles"], told["lanes"])


def test_the_latest_backfills_are_shown_newest_first_and_no_more_than_are_asked_for(world):
    for days in (10, 20, 30):
        world.save(BUYERS.replace("30", str(days)))
    assert [3, 2] == [each["revision"] for each in shown(world, limit=2)]
    world.ask("GET", "/api/backfills", limit=51, status=400)


def test_a_message_that_names_no_lane_is_about_everybody(world):
    """Such as those that were queued by the version before this one."""
    crowd(world)
    world.save(BIG)
    world.queued()
    world.go_on({"start": json.dumps(["p1", "state"]), "revision": 1})
    assert [] == lacking(world)
