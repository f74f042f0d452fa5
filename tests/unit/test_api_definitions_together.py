"""Several definitions published by one request: all of them or none."""

from collections import Counter
from unittest.mock import patch

import pytest

from functions import wiring
from functions.adapters.dynamodb.calls import Calls
from functions.core.answers import pages
from functions.core.base.errors import Unavailable
from functions.settings import DEFAULTS
from tests.console import BUYERS
from tests.unit.test_api_definitions import FLOW, TEMPLATE

LANES = int(DEFAULTS["BACKFILL_LANES"])
CALM = 'id: calm\nwhen: not in segment "buyers"\nexamples:\n  - {name: none, events: [], expect: in}\n'
ALL = {"flows/hello": FLOW, "segments/calm": CALM, "segments/buyers": BUYERS, "templates/hi": TEMPLATE}


def publish(world, texts, status=200, **query):
    given = [dict(zip(("kind", "id"), name.split("/"), strict=True)) | {"text": text} for name, text in texts.items()]
    return world.ask("POST", "/api/definitions", {"definitions": given}, status=status, **query)


def changes(answer):
    return {f"{each['kind']}/{each['id']}": each["change"] for each in answer["definitions"]}


def test_definitions_that_need_each_other_are_published_in_any_order_with_one_backfill(world):
    answer = publish(world, ALL)
    assert dict.fromkeys(ALL, "new") == changes(answer)
    assert {1} == {each["version"] for each in answer["definitions"]}
    assert {1} == {each.revision for each in world.ports.definitions.current()}
    assert {1: LANES} == Counter(body["revision"] for body in world.queued())
    assert "and 2 more" in world.ask("GET", "/api/backfills")["backfills"][0]["cause"]


def test_one_fault_publishes_nothing_and_every_fault_is_named_with_its_definition(world):
    wrong = {**ALL, "segments/typo": "when: dit X\n", "flows/hello": FLOW.replace("buyers", "byers")}
    faults = publish(world, wrong, status=422)["faults"]
    assert ["flows/hello", "segments/typo"] == sorted({fault["where"] for fault in faults})
    assert all(fault["line"] for fault in faults)
    assert [] == world.ports.definitions.current()
    assert [] == world.queued()


def test_what_refers_to_a_text_that_is_wrong_is_not_said_to_refer_to_nothing(world):
    faults = publish(world, {**ALL, "segments/buyers": "when: dit X\n"}, status=422)["faults"]
    assert {"segments/buyers"} == {fault["where"] for fault in faults}


def test_a_check_says_what_would_change_and_stores_nothing(world):
    assert dict.fromkeys(ALL, "new") == changes(publish(world, ALL, check="true"))
    assert (0, []) == (world.ports.definitions.revision(), world.queued())
    publish(world, ALL)
    told = changes(publish(world, {**ALL, "segments/buyers": BUYERS.replace("30", "60")}, check="true"))
    assert {**dict.fromkeys(ALL, "unchanged"), "segments/buyers": "changed"} == told
    assert "faults" in publish(world, {"segments/x": "when: dit X\n"}, status=422, check="true")


def test_what_is_current_already_keeps_its_version_and_a_retry_asks_for_the_same_backfill(world):
    publish(world, ALL)
    world.queued()
    again = publish(world, ALL)
    assert dict.fromkeys(ALL, "unchanged") == changes(again)
    assert {1} == {each["version"] for each in again["definitions"]}
    assert {1: LANES} == Counter(body["revision"] for body in world.queued())


def test_two_that_would_break_each_other_one_by_one_change_together(world):
    base = 'id: a\nwhen: did "X"\n'
    follower = 'id: b\nwhen: in segment "a"\nexamples:\n  - {name: x, events: [{at: -1h, event: X}], expect: in}\n'
    publish(world, {"segments/a": base, "segments/b": follower})
    changed = {"segments/a": base.replace("X", "Y"), "segments/b": follower.replace("event: X", "event: Y")}
    for name, text in changed.items():
        world.ask("PUT", f"/api/definitions/{name}", text, content="application/yaml", status=422)
    assert {"changed"} == set(changes(publish(world, changed)).values())


def test_the_steps_of_an_edited_flow_keep_their_identities(world):
    longer = FLOW.replace("steps:\n", "steps:\n  - wait: 1 hour\n")
    publish(world, ALL)
    before = world.ask("GET", "/api/definitions/flows/hello")["json"]["steps"]
    publish(world, {**ALL, "flows/hello": longer})
    together = world.ask("GET", "/api/definitions/flows/hello")["json"]["steps"]
    assert before == together[1:]
    world.save(FLOW, "flows")
    world.save(longer, "flows")
    assert together[1:] == world.ask("GET", "/api/definitions/flows/hello")["json"]["steps"][1:]


def test_a_host_that_dies_before_the_last_write_has_published_nothing(world, monkeypatch):
    write, seen = Calls.put, []

    def dies(self, table, item, *args, **kwargs):
        if table == "definitions":
            seen.append(item["pk"]["S"])
        if item["pk"]["S"] == "catalogue":
            raise Unavailable("put definitions", "gone")
        return write(self, table, item, *args, **kwargs)

    monkeypatch.setattr(Calls, "put", dies)
    publish(world, ALL, status=503)
    monkeypatch.undo()
    assert len(ALL) + 1 == len(seen)
    assert [] == wiring.ports().definitions.current()
    assert {2} == {each["version"] for each in publish(world, ALL)["definitions"]}


def test_only_segments_are_asked_whom_they_bring_in(world):
    told = publish(world, ALL, backfilled="send")["definitions"]
    assert {"segments/buyers": "send", "segments/calm": "send"} == {
        f"{each['kind']}/{each['id']}": each["backfilled"] for each in told if "backfilled" in each
    }


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ([], ["definitions"]),
        ("x", ["definitions"]),
        (["x"], ["definitions.0"]),
        ([{"kind": "segments", "id": 3}], ["definitions.0.id", "definitions.0.text"]),
        ([{"kind": "segments", "id": "a", "text": "a"}] * 2, ["definitions"]),
    ],
)
def test_a_request_of_another_shape_is_malformed_with_every_place(world, given, where):
    faults = world.ask("POST", "/api/definitions", {"definitions": given}, status=400)["faults"]
    assert where == [fault["where"] for fault in faults]


def test_a_kind_or_an_id_that_cannot_be_is_a_fault_of_its_definition(world):
    faults = publish(world, {"segment/a": BUYERS, "segments/A B": 'when: did "X"\n'}, status=422)["faults"]
    assert {"segment/a": "segments", "segments/A B": "a-b"} == {each["where"]: each["suggestion"] for each in faults}


def test_nothing_is_published_over_what_was_published_since_the_check(world):
    seen = publish(world, ALL, check="true")["revision"]
    assert 0 == seen
    world.save(BUYERS)
    fault = publish(world, ALL, status=412, seen=seen)
    assert ("outdated", "seen", "1") == (fault["error"], fault["faults"][0]["where"], fault["faults"][0]["suggestion"])
    assert ["buyers"] == [each.id for each in world.ports.definitions.current()]
    publish(world, ALL, seen=publish(world, ALL, check="true")["revision"])
    assert set(ALL) == {f"{each.kind}/{each.id}" for each in world.ports.definitions.current()}


@pytest.mark.parametrize("seen", ["-1", "x", "1_0", "1000000000"])
def test_a_revision_that_is_none_is_refused(world, seen):
    assert "whole number from 0 to 999999999" in publish(world, ALL, status=400, seen=seen)["faults"][0]["message"]


def test_warnings_that_have_no_room_in_the_answer_are_counted(world):
    when = " or ".join(f'did "Unheard {chr(97 + number)}"' for number in range(10))
    texts = {f"segments/s{n}": f"id: s{n}\nname: S\nwhen: {when}\n" for n in range(3)}
    whole = publish(world, texts, check="true")
    assert "warnings_left_out" not in whole
    with patch.object(pages, "LARGEST_ANSWER", 3_000):
        answer = publish(world, texts, check="true")
    told = [len(each.get("warnings", ())) for each in answer["definitions"]]
    assert 30 == sum(told) + answer["warnings_left_out"]
    assert 0 < told[0] and 0 == told[2]
    assert pages.carried(answer["definitions"]) < 3_200
