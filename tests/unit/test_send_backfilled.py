"""Publishing with the wish that those whom a segment's new version brings in be treated as entering now."""

import json
from dataclasses import replace

import pytest

from functions import wiring
from functions.core.base.identity import profile_id
from functions.core.base.tasks.refreshes import RefreshProfiles
from functions.core.flows.records import Run
from functions.handlers import react, send
from functions.usecases.refresh import RefreshRun, refresh
from functions.usecases.stored_profiles import of_profile
from tests.console import ANN, BOB, DAY, HOUR, NOW, SETTINGS, event, opened, order
from tests.lambda_context import CONTEXT
from tests.notes import note

LOYAL = 'id: loyal\nname: Loyal\nannounce: true\nwhen: did "Order Completed" at least 3 times\n'
WIDER = LOYAL.replace("at least 3 times", "at least 2 times")
WIDEST = LOYAL.replace("at least 3 times", "at least 1 time")
HI = note("hi", "transactional", "Hi")
HELLO = "id: hello\nname: Hello\nstart: {segment: loyal}\nsteps:\n  - send: hi\n"
CAT = "email:cat@x.org"


def bought(who, times, ago=DAY):
    return [order(who, ago, number=number) for number in range(times)]


def seen(ago, *names):
    """An event that names one person in several ways."""
    return replace(event("Product Viewed", names[0], ago), identifiers=names)


@pytest.fixture
def shop(world):
    """Ann bought three times, Bob twice and Cat once; loyal is who bought three times."""
    world.save(LOYAL)
    world.tell(*bought(ANN, 3), *bought(BOB, 2), *bought(CAT, 1))
    world.run_backfills()
    return world


def entries(world):
    """When and by what everybody who is loyal became so."""
    names = {profile_id(who): who for who in (ANN, BOB, CAT)}
    held = {names[profile]: state.memberships.get("loyal") for profile, state in world.states().items()}
    return {who: (entry.since, entry.cause) for who, entry in held.items() if entry}


BEFORE = {ANN: (NOW - DAY, "event")}
ENTERED = {**BEFORE, BOB: (NOW, "published")}


def test_only_those_whom_the_version_brings_in_enter_now(shop):
    assert BEFORE == entries(shop)
    answer = shop.save(WIDER, backfilled="send")
    assert {"id": "loyal", "kind": "segments", "version": 2, "backfilled": "send"} == answer
    shop.run_backfills()
    assert ENTERED == entries(shop)


@pytest.mark.parametrize("asked", [{}, {"backfilled": "silent"}])
def test_an_edit_that_does_not_ask_for_it_brings_in_nobody_as_an_entry(shop, asked):
    shop.save(WIDER, **asked)
    shop.run_backfills()
    assert "backfill" == entries(shop)[BOB][1]
    assert "silent" == shop.ask("GET", "/api/definitions/segments/loyal")["backfilled"]


def test_entry_on_publish_is_kept_with_the_version_that_asked_for_it(shop):
    shop.save(WIDER, backfilled="send")
    shop.save(WIDEST)
    shown = [shop.ask("GET", "/api/definitions/segments/loyal", version=version)["backfilled"] for version in (1, 2, 3)]
    assert ["silent", "send", "silent"] == shown
    (listed,) = shop.ask("GET", "/api/definitions/segments")["definitions"]
    assert "silent" == listed["backfilled"]


def test_the_text_that_is_current_keeps_what_it_was_published_with(shop):
    assert "silent" == shop.save(LOYAL, backfilled="send")["backfilled"]
    shop.save(WIDER, backfilled="send")
    assert {"id": "loyal", "kind": "segments", "version": 2} == shop.save(WIDER)
    shop.run_backfills()
    assert ENTERED == entries(shop)


def test_another_value_or_another_kind_is_refused_with_what_is_right(shop):
    (fault,) = shop.save(WIDER, backfilled="yes", status=400)["faults"]
    assert ("backfilled", "not one of silent, send", "silent") == tuple(
        fault[part] for part in ("where", "message", "suggestion")
    )
    for asked in ("send", "silent"):
        (fault,) = shop.save(HI, "templates", backfilled=asked, status=400)["faults"]
        assert ("backfilled", True) == (fault["where"], "only a segment" in fault["message"])
    assert 1 == shop.ask("GET", "/api/definitions/segments/loyal")["version"]


def test_who_is_folded_before_the_backfill_reaches_them_enters_by_the_fold_and_once(shop):
    shop.save(WIDER, backfilled="send")
    shop.clock.move_to(NOW + 60)
    shop.tell(event("Product Viewed", BOB, 2 * DAY))
    assert (NOW + 60, "published") == entries(shop)[BOB]
    shop.clock.move_to(NOW + 120)
    shop.run_backfills()
    assert {**BEFORE, BOB: (NOW + 60, "published")} == entries(shop)


def test_a_second_backfill_and_later_edits_of_anything_bring_nobody_in_again(shop):
    shop.save(WIDER, backfilled="send")
    bodies = shop.queued()
    shop.go_on(*bodies)
    for later, text in enumerate(('id: other\nname: O\nwhen: did "X"\n', WIDER), start=1):
        shop.clock.move_to(NOW + later * HOUR)
        shop.save(text)
        shop.go_on(*bodies)
        shop.run_backfills()
    assert ENTERED == entries(shop)


def test_the_nightly_refresh_brings_nobody_in_as_an_entry(shop):
    shop.save(WIDER, backfilled="send")
    shop.run_backfills()
    spoilt = of_profile(shop.context(), profile_id(CAT)).states[profile_id(CAT)]
    shop.log(*(order(CAT, 2 * DAY, number=number) for number in (7, 8)))
    shop.clock.move_to(NOW + DAY)
    refresh_run = RefreshRun.of(RefreshProfiles(None, NOW + DAY), 100)
    refresh(shop.context(), refresh_run, lambda: False)
    assert spoilt.version + 1 == of_profile(shop.context(), profile_id(CAT)).states[profile_id(CAT)].version
    assert "backfill" == entries(shop)[CAT][1]


def test_somebody_new_divided_from_people_after_an_entry_on_publish_does_not_enter_by_it(shop):
    """An account turns out to have logged in on the device last: its buyer is a new person, whose past is no news."""
    shop.save(WIDER, backfilled="send")
    shop.run_backfills()
    device = "anonymous_id:d"
    shop.tell(seen(4 * HOUR, "user_id:9", device), order(device, 2 * HOUR), order(device, 2 * HOUR, number=1))
    shop.tell(seen(3 * HOUR, "user_id:7", device))
    divided = shop.states()[profile_id("user_id:7")]
    assert ("backfill", shop.states()[profile_id(BOB)].entry_revision) == (
        divided.memberships["loyal"].cause,
        divided.entry_revision,
    )


def test_somebody_divided_from_people_before_an_entry_on_publish_enters_by_it(shop):
    device = "anonymous_id:d"
    shop.tell(seen(4 * HOUR, "user_id:9", device), order(device, 2 * HOUR), order(device, 2 * HOUR, number=1))
    shop.save(WIDER, backfilled="send")
    shop.tell(seen(3 * HOUR, "user_id:7", device))
    assert "published" == shop.states()[profile_id("user_id:7")].memberships["loyal"].cause


def test_two_people_who_turn_out_to_be_one_enter_once(shop):
    shop.tell(*bought("user_id:1", 2))
    shop.save(WIDER, backfilled="send")
    shop.run_backfills()
    shop.clock.move_to(NOW + HOUR)
    shop.tell(seen(HOUR, "user_id:1", BOB))
    bob = shop.ask("GET", "/api/profiles", identifier=BOB)["id"]
    assert (NOW, "published") == shop.states()[bob].memberships["loyal"]


def test_an_edit_with_the_wish_before_the_last_one_is_done_is_about_whoever_was_in_before_both(shop):
    shop.save(WIDER, backfilled="send")
    shop.queued()
    shop.save(WIDEST, backfilled="send")
    shop.run_backfills()
    assert {**ENTERED, CAT: (NOW, "published")} == entries(shop)


def test_an_edit_with_the_wish_after_the_last_one_is_done_is_about_whoever_it_brings_in(shop):
    shop.save(WIDER, backfilled="send")
    shop.run_backfills()
    shop.clock.move_to(NOW + HOUR)
    shop.save(WIDEST, backfilled="send")
    shop.run_backfills()
    assert {**ENTERED, CAT: (NOW + HOUR, "published")} == entries(shop)


def test_an_edit_without_the_wish_ends_the_wish_for_whoever_was_not_reached(shop):
    shop.save(WIDER, backfilled="send")
    shop.queued()
    shop.save(WIDEST)
    shop.run_backfills()
    assert {"backfill", "event"} == {cause for _, cause in entries(shop).values()}


@pytest.mark.parametrize(("hours", "expected"), [(1, "published"), (25, "backfill")])
def test_a_first_version_is_about_the_flow_that_is_new_soon_after_it(world, hours, expected):
    """A flow can only be published once its segment is there."""
    world.tell(*bought(ANN, 3))
    world.save(LOYAL.replace("announce: true\n", ""), backfilled="send")
    world.run_backfills()
    assert {} == entries(world)
    world.clock.move_to(NOW + hours * HOUR)
    world.save(HI, "templates")
    world.save(HELLO, "flows")
    world.run_backfills()
    assert expected == entries(world)[ANN][1]
    world.save(HELLO.replace("Hello", "Hallo"), "flows")
    world.run_backfills()
    assert expected == entries(world)[ANN][1]


def test_a_wish_whose_before_can_no_longer_be_told_is_void(world):
    """The tier that the version before named is gone: rather nobody is written to than somebody who was in."""
    score = 'id: worth\nname: Worth\nrules:\n  - +10 per "Order Completed" within 30 days\ntiers: {b: 10, a: 30}\n'
    world.save(score, "scores")
    world.tell(*bought(ANN, 3), *bought(BOB, 2))
    world.save('id: loyal\nname: L\nannounce: true\nwhen: in segment "worth-a"\n')
    world.save(WIDER, backfilled="send")
    world.save(score.replace(", a: 30", ""), "scores")
    world.run_backfills()
    assert {"backfill"} == {cause for _, cause in entries(world).values()}


def test_impact_says_which_of_the_two_will_happen(shop):
    shop.save(HI, "templates")
    shop.save(HELLO, "flows")
    path = "/api/segments/loyal/impact"
    silent = shop.ask("POST", path, WIDEST, content="application/yaml")
    assert (2, 2, "silent") == (silent["enter"], silent["messages"], silent["backfilled"])
    assert silent["text"].startswith("2 would enter, 0 leave. Those who enter are not written to.")
    send = shop.ask("POST", path, WIDEST, content="application/yaml", backfilled="send")
    assert "2 would enter, 0 leave. Those who enter are treated as entering now: 2 messages at most." == send["text"]
    nobody = shop.ask("POST", "/api/segments/all/impact", WIDEST.replace("loyal", "all"), backfilled="send")
    assert "No message comes of it" in nobody["text"]
    shop.ask("POST", path, WIDEST, backfilled="no", status=400)


def test_react_looks_for_newer_definitions_when_somebody_else_knew_them(monkeypatch):
    """Fold has the new segment at once; react may go on for ten seconds with definitions that lack it."""
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with opened(max_age=10) as world:
        world.save(HI, "templates")
        world.tell(*bought(ANN, 3))
        assert {"batchItemFailures": []} == react.handler({"Records": []}, CONTEXT)
        with wiring.use({**wiring.ports()._environment, "DUE_SHARDS": "4"}):
            world.save(LOYAL, backfilled="send")
            world.save(HELLO, "flows")
            before = image(world)
            world.tell(event("Product Viewed", ANN, HOUR))
            record = {"OldImage": before, "NewImage": image(world), "SequenceNumber": "1"}
        react.handler({"Records": [{"dynamodb": record}]}, CONTEXT)
        (run,) = world.ports.runs.of(profile_id(ANN))
        assert ("hello", NOW) == (run.flow, run.since)


def image(world):
    table = world.ports.settings.place("table", "profiles")
    key = {"pk": {"S": profile_id(ANN)}, "part": {"S": "state"}}
    return wiring.clients().get("dynamodb").get_item(TableName=table, Key=key)["Item"]


def test_a_run_of_a_flow_that_send_does_not_know_yet_is_not_ended(monkeypatch):
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with opened(max_age=10) as world:
        world.save(LOYAL)
        send.handler({"Records": []}, CONTEXT)
        wiring.ruleset()
        with wiring.use({**wiring.ports()._environment, "DUE_SHARDS": "4"}):
            world.save(HI, "templates")
            world.save(HELLO.replace("  - send", "  - wait: 1 hour\n  - send"), "flows")
        world.tell(*bought(ANN, 3))
        world.ports.runs.start(Run(profile_id(ANN), "hello", str(NOW), NOW, NOW, step="wait-1", due=NOW))
        (run,) = world.ports.runs.of(profile_id(ANN))
        body = json.dumps({"profile": run.profile, "run": run.id})
        send.handler({"Records": [{"messageId": "1", "body": body}]}, CONTEXT)
        (run,) = world.ports.runs.of(profile_id(ANN))
        assert ("hi", NOW + HOUR, None) == (run.step, run.due, run.outcome)
