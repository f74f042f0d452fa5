"""Definitions over the API: published, shown, listed; and the pass over everybody that follows."""

import json

import pytest

from functions import wiring
from functions.core.identity import profile_id
from functions.core.segments import engine
from functions.handlers import backfill
from tests.console import ANN, BIG, BOB, BUYERS, CALM, DAY, HOUR, NOW, SETTINGS, opened, order

FLOW = "id: hello\nstart: {segment: buyers}\nsteps:\n  - send: hi\n"
TEMPLATE = (
    "id: hi\nname: Hi\nkind: marketing\nsubject: Hi\n"
    "body: <mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section>\n"
)


def passes(world):
    """The passes that are queued, taken from the queue."""
    sqs, url = wiring.clients().get("sqs"), world.ports.settings.place("queue", "backfills")
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        found += [json.loads(message["Body"]) for message in messages]
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return found


def run(body, context=None):
    """One invocation of the pass."""
    record = {"messageId": "1", "body": json.dumps(body)}
    assert {"batchItemFailures": []} == backfill.handler({"Records": [record]}, context)


def test_a_definition_is_shown_as_it_was_saved_in_every_version(world):
    changed = BUYERS.replace("30 days", "60 days")
    assert {"id": "buyers", "kind": "segments", "version": 1} == world.save(BUYERS)
    assert 2 == world.save(changed)["version"]
    shown = world.ask("GET", "/api/definitions/segments/buyers")
    assert (changed, 2, "ann", "2026-11-21T12:00:00Z") == tuple(
        shown[name] for name in ("text", "version", "author", "time")
    )
    assert {"op": "did", "events": ["Order Completed"], "within": "60 days"} == shown["json"]["when"]
    assert BUYERS == world.ask("GET", "/api/definitions/segments/buyers", version=1)["text"]
    world.ask("GET", "/api/definitions/segments/buyers", version=3, status=404)
    world.ask("GET", "/api/definitions/segments/buyers", version="one", status=400)
    world.ask("GET", "/api/definitions/segments/nobody", status=404)
    (listed,) = world.ask("GET", "/api/definitions/segments")["definitions"]
    assert ("Buyers", 2) == (listed["name"], listed["version"])


def test_the_same_text_again_keeps_its_version_and_queues_its_pass_again_while_fresh(world):
    assert world.save(BUYERS) == world.save(BUYERS)
    assert [{"start": None, "revision": 1}] * 2 == passes(world)
    world.clock.move_to(NOW + DAY)
    world.save(BUYERS)
    assert [] == passes(world)


def test_json_is_taken_and_given_back_as_it_came(world):
    text = json.dumps({"id": "buyers", "when": {"op": "did", "events": ["Order Completed"]}})
    world.ask("PUT", "/api/definitions/segments/buyers", text)
    assert text == world.ask("GET", "/api/definitions/segments/buyers")["text"]


def test_a_flow_is_taken_once_its_segment_and_template_are_there_and_a_template_needs_no_pass(world):
    faults = world.save(FLOW, "flows", status=422)["faults"]
    assert ["there is no segment 'buyers'", "there is no template 'hi'"] == [fault["message"] for fault in faults]
    world.save(BUYERS)
    assert 1 == len(passes(world))
    world.save(TEMPLATE, "templates")
    assert [] == passes(world)
    world.save(FLOW, "flows")
    assert 1 == len(passes(world))


def test_a_refused_text_changes_nothing(world):
    refused = world.save(BUYERS.replace("did", "dit"), status=422)
    assert ("refused", 3, 7, "did") == (
        refused["error"],
        *(refused["faults"][0][n] for n in ("line", "column", "suggestion")),
    )
    assert [] == world.ask("GET", "/api/definitions/segments")["definitions"]
    assert [] == passes(world)


@pytest.mark.parametrize("kind", ["segment", "borders"])
def test_an_unknown_kind_is_not_found(world, kind):
    for method, path in (("GET", f"/api/definitions/{kind}"), ("GET", f"/api/definitions/{kind}/a")):
        assert "flows, scores, segments, templates" in world.ask(method, path, status=404)["faults"][0]["message"]
    world.ask("PUT", f"/api/definitions/{kind}/a", "id: a", status=404)


def test_a_body_that_is_too_large_or_no_text_is_refused(world):
    world.ask("PUT", "/api/definitions/segments/a", b"x" * 300_000, status=413)
    world.ask("PUT", "/api/definitions/segments/a", b"\xff\xfe", status=400)
    world.ask("PUT", "/api/definitions/segments/A", BUYERS, status=400)


def states(world):
    return {hot.profile: wiring.loaded(fresh=True).state(hot) for hots, _ in world.ports.people.pages() for hot in hots}


def test_a_pass_gives_everybody_the_new_timelines_and_a_second_one_changes_nothing(world):
    world.tell(order(ANN, HOUR, 20000), order(BOB, HOUR, 100))
    world.save(BIG)
    world.save(CALM.replace("buyers", "big"))
    assert all(engine.missing(state, wiring.loaded(fresh=True).catalogue) for state in states(world).values())
    *_, last = passes(world)
    run(last)
    after = states(world)
    assert not any(engine.missing(state, wiring.loaded().catalogue) for state in after.values())
    assert {"big"} == after[profile_id(ANN)].memberships.keys()
    assert {"calm"} == after[profile_id(BOB)].memberships.keys()
    assert {"backfill"} == {membership.cause for state in after.values() for membership in state.memberships.values()}
    versions = world.ports.people.load((), after)[1]
    run(last)
    assert versions == world.ports.people.load((), after)[1]


def test_a_pass_that_runs_out_of_time_queues_the_rest(world, monkeypatch):
    class Hurried:
        def get_remaining_time_in_millis(self):
            return 1

    world.tell(*(order(f"email:p{number}@x.org", HOUR) for number in range(5)))
    pages = world.ports.people.pages
    monkeypatch.setattr(type(world.ports.people), "pages", lambda self, start=None, size=200: pages(start, 4))
    world.save(BIG)
    (waiting,) = passes(world)
    rounds = 0
    while waiting:
        run(waiting, Hurried())
        rounds, waiting = rounds + 1, next(iter(passes(world)), None)
    assert rounds > 1
    assert not any(engine.missing(state, wiring.loaded().catalogue) for state in states(world).values())


def test_a_pass_for_older_definitions_gives_way_to_the_newer_one(world):
    world.tell(order(ANN, HOUR))
    world.save(BUYERS)
    world.save(BIG)
    first, second = sorted(passes(world), key=lambda body: body["revision"])
    before = world.ports.people.load((), [profile_id(ANN)])[1]
    run(first)
    assert before == world.ports.people.load((), [profile_id(ANN)])[1]
    run(second)
    assert {"buyers"} == states(world)[profile_id(ANN)].memberships.keys()


def test_a_pass_waits_until_nobody_folds_by_older_definitions(monkeypatch):
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    with opened(max_age=10) as world:
        world.tell(order(ANN, HOUR))
        world.save(BUYERS)
        run(*passes(world))
        assert [] == passes(world)
        world.clock.move_to(NOW + 25)
        (ready,) = passes(world)
        assert {} == states(world)[profile_id(ANN)].memberships
        run(ready)
        assert {"buyers"} == states(world)[profile_id(ANN)].memberships.keys()
