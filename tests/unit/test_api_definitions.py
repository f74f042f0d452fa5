"""Definitions over the API: published, shown, listed."""

import json
from collections import Counter

import pytest

from functions.core.definitions.json_schemas import schema
from functions.settings import DEFAULTS
from tests.console import BUYERS, DAY, NOW
from tests.notes import note

LANES = int(DEFAULTS["BACKFILL_LANES"])
FLOW = "id: hello\nstart: {segment: buyers}\nsteps:\n  - send: hi\n"
TEMPLATE = note("hi", words="Hi")


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


def test_the_same_text_again_keeps_its_version_and_queues_its_backfill_again_while_fresh(world):
    assert world.save(BUYERS) == world.save(BUYERS)
    assert {1: 2 * LANES} == Counter(body["revision"] for body in world.queued())
    world.clock.move_to(NOW + DAY)
    world.save(BUYERS)
    assert [] == world.queued()


def test_json_is_taken_and_given_back_as_it_came(world):
    text = json.dumps({"id": "buyers", "when": {"op": "did", "events": ["Order Completed"]}})
    world.ask("PUT", "/api/definitions/segments/buyers", text)
    assert text == world.ask("GET", "/api/definitions/segments/buyers")["text"]


def test_a_flow_is_taken_once_its_segment_and_template_are_there_and_a_template_needs_no_backfill(world):
    faults = world.save(FLOW, "flows", status=422)["faults"]
    assert ["there is no segment 'buyers'", "there is no template 'hi'"] == [fault["message"] for fault in faults]
    world.save(BUYERS)
    assert LANES == len(world.queued())
    world.save(TEMPLATE, "templates")
    assert [] == world.queued()
    world.save(FLOW, "flows")
    assert LANES == len(world.queued())


def test_a_refused_text_changes_nothing(world):
    refused = world.save(BUYERS.replace("did", "dit"), status=422)
    assert ("refused", 3, 7, "did") == (
        refused["error"],
        *(refused["faults"][0][n] for n in ("line", "column", "suggestion")),
    )
    assert [] == world.ask("GET", "/api/definitions/segments")["definitions"]
    assert [] == world.queued()


@pytest.mark.parametrize("kind", ["segment", "borders"])
def test_an_unknown_kind_is_not_found(world, kind):
    for method, path in (("GET", f"/api/definitions/{kind}"), ("GET", f"/api/definitions/{kind}/a")):
        assert "scores, segments, sources, templates" in world.ask(method, path, status=404)["faults"][0]["message"]
    world.ask("PUT", f"/api/definitions/{kind}/a", "id: a", status=404)


def test_a_schema_is_there_for_editors_without_a_token(world):
    told = world.ask("GET", "/api/schema/segments", token="x")
    assert (schema("segments"), ["when"]) == (told, told["required"])
    assert "op-did" in world.ask("GET", "/api/schema/conditions", token="x")["$defs"]
    refused = world.ask("GET", "/api/schema/segment", token="x", status=404)
    assert "segments" == refused["faults"][0]["suggestion"]


def test_a_body_that_is_too_large_or_no_text_is_refused(world):
    world.ask("PUT", "/api/definitions/segments/a", b"x" * 300_000, status=413)
    world.ask("PUT", "/api/definitions/segments/a", b"\xff\xfe", status=400)
    world.ask("PUT", "/api/definitions/segments/A", BUYERS, status=400)
