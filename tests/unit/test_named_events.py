"""Named events: one word for all that means the same to the shop, and what follows when that is edited."""

from typing import Any

import pytest

from functions.core.definitions.records import Definition
from functions.core.segments.language.named import event_names, mentioned, resolve
from tests.console import DAY, event

BOUGHT = "id: bought\nany of: [Order Completed, Store Purchase]\n"
BUYERS = "id: buyers\nannounce: true\nwhen: did bought within 30 days\n"


def test_a_name_stands_for_all_its_events_and_for_none_until_it_is_resolved():
    node: dict[str, Any] = {"op": "did", "events": ["X", {"named": "bought"}]}
    groups = {"bought": {"any of": ["Y", "X", "Z"]}}
    assert ("X",) == event_names(node["events"])
    assert ("X", "Y", "Z") == event_names(resolve(node, groups)["events"])
    assert {"bought"} == mentioned({"when": [resolve(node, groups)]})


def test_a_condition_on_named_events_holds_for_each_of_them_and_changes_with_their_edit(world):
    world.save(BOUGHT, "events")
    world.save(BUYERS)
    world.tell(
        event("Store Purchase", "user_id:ann", ago=DAY), event("Order Completed", "user_id:bob", ago=DAY, number=1)
    )
    world.tell(event("Rental Started", "user_id:cid", ago=DAY, number=2))
    assert 2 == world.ask("GET", "/api/segments/buyers/members")["count"]
    world.save(BOUGHT.replace("Store Purchase", "Rental Started"), "events")
    assert [] != world.queued()
    world.run_backfills()
    assert 2 == world.ask("GET", "/api/segments/buyers/members")["count"]
    inside = ["buyers" in state.memberships for state in world.states().values()]
    assert [False, True, True] == sorted(inside)


def test_a_preview_names_the_nearest_where_named_events_do_not_exist(world):
    world.save(BOUGHT, "events")
    (fault,) = world.ask("POST", "/api/preview", {"when": 'did "X" and did\n boughd'}, status=422)["faults"]
    assert ("bought", 2, 2) == tuple(fault[name] for name in ("suggestion", "line", "column"))


@pytest.mark.parametrize("kind", ["segments", "scores", "flows"])
def test_what_names_events_keeps_their_timelines_from_their_publication_on(kind):
    from functions.core.definitions.timelines_kept import KeptTimelines

    bodies: dict[str, dict[str, Any]] = {
        "segments": {"when": {"op": "did", "events": [{"named": "bought"}]}},
        "scores": {"rules": [{"points": 1, "per": {"events": [{"named": "bought"}]}}], "tiers": {}},
        "flows": {
            "id": "f",
            "start": {"events": [{"named": "bought"}]},
            "goal": [],
            "steps": [{"do": "wait", "span": 1}],
        },
    }
    new = Definition("events", "bought", 1, "", {"id": "bought", "any of": ["X"]}, "", 0)
    asking = Definition(kind, "f", 1, "", bodies[kind], "", 0)
    keepers = KeptTimelines([], [asking, new])
    assert keepers.kept(asking) == keepers.kept(new) != {}
