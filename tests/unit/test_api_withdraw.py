"""Definitions are withdrawn: only when nothing refers to them, with a history, and published again."""

from collections import Counter
from pathlib import Path

import pytest

from functions import wiring
from functions.core.base.errors import Conflict, DefinitionRefused, InUse
from functions.core.base.identity import profile_id
from functions.core.definitions.records import Definition
from functions.core.definitions.referrers import referrers
from functions.core.definitions.registry import kind_of
from functions.settings import DEFAULTS
from functions.usecases.publish import publish
from functions.usecases.withdraw import withdraw
from tests.console import ANN, BUYERS, CALM, HOUR, NOW, order
from tests.notes import note

NOTE = note(words="Hi")
EVENTS = "id: purchase\nname: Purchase\nany of: [Order Completed]\n"
SCORE = (
    'id: loyal\nname: Loyal\nrules:\n  - +1 per "Order Completed" within 9 days\n'
    "  - +5 when did purchase within 9 days\ntiers: {high: 3}\n"
)
FLOW = """id: hello
start: {segment: buyers}
goal: purchase
steps:
  - check: in segment "loyal-high" and score loyal > 2
  - send: note
  - wait: 1 hour
  - check: not in segment "buyers"
  - send: more
"""
LANES = int(DEFAULTS["BACKFILL_LANES"])


@pytest.fixture
def shop(world):
    """A shop in which everything refers to something."""
    for kind, text in (("events", EVENTS), ("templates", NOTE), ("segments", BUYERS), ("segments", CALM)):
        world.save(text, kind)
    world.save(note("more", words="Hi"), "templates")
    world.save(SCORE, "scores")
    world.save(FLOW, "flows")
    return world


def gone(world, kind, name, status=200):
    return world.ask("DELETE", f"/api/definitions/{kind}/{name}", status=status)


def places(world, kind, name):
    answer = gone(world, kind, name, 409)
    assert ("in_use", len(answer["referrers"])) == (answer["error"], len(answer["faults"]))
    return {(each["kind"], each["id"], each["where"], each["line"]) for each in answer["referrers"]}


def test_what_is_referred_to_stays_and_every_place_is_named(shop):
    assert {
        ("flows", "hello", "start.segment", 2),
        ("flows", "hello", "steps[3].check", 8),
        ("segments", "calm", "when", 3),
    } == places(shop, "segments", "buyers")
    assert {("flows", "hello", "steps[4].send", 9)} == places(shop, "templates", "more")
    assert {("flows", "hello", "steps[0].check", 5)} == places(shop, "scores", "loyal")
    assert {("flows", "hello", "goal", 3), ("scores", "loyal", "rules[1]", 5)} == places(shop, "events", "purchase")
    assert 1 == shop.ask("GET", "/api/definitions/segments/buyers")["version"]


def test_every_kind_is_withdrawn_in_the_order_in_which_nothing_refers_to_it(shop):
    order_of_going = [
        "flows/hello",
        "templates/note",
        "templates/more",
        "scores/loyal",
        "segments/calm",
        "segments/buyers",
    ]
    for path in [*order_of_going, "events/purchase"]:
        kind, _, name = path.partition("/")
        assert {"id": name, "kind": kind, "version": 2, "withdrawn": True} == gone(shop, kind, name)
        assert [] == shop.ask("GET", f"/api/definitions/{kind}")["definitions"] or kind in (
            "segments",
            "templates",
        )
        message = shop.ask("GET", f"/api/definitions/{kind}/{name}", status=404)["faults"][0]["message"]
        assert "ann withdrew it at 2026-11-21T12:00:00Z; ?version=1 shows what it was" in message
        gone(shop, kind, name, 404)
    assert [] == shop.ports.definitions.current()


def test_a_withdrawal_is_a_version_and_versions_go_on_counting(world):
    world.save(BUYERS)
    assert 2 == gone(world, "segments", "buyers")["version"]
    path = "/api/definitions/segments/buyers"
    assert BUYERS == world.ask("GET", path, version=1)["text"]
    told = world.ask("GET", path, version=2)
    assert (True, "ann", "2026-11-21T12:00:00Z") == (told["withdrawn"], told["author"], told["time"])
    assert 3 == world.save(BUYERS)["version"]
    assert 3 == world.ask("GET", path)["version"]


def test_members_of_a_withdrawn_segment_are_nobody(world):
    world.save(BUYERS)
    world.tell(order(ANN, HOUR))
    assert 1 == len(world.members("buyers"))
    gone(world, "segments", "buyers")
    world.ask("GET", "/api/segments/buyers/members", status=404)
    assert [] == world.ask("GET", f"/api/profiles/{profile_id(ANN)}")["segments"]
    world.run_backfills()
    (state,) = world.states().values()
    assert ({}, {}) == (dict(state.memberships), dict(state.timelines))


def test_a_withdrawal_queues_a_backfill_and_a_repetition_of_the_request_queues_it_again(world):
    world.save(BUYERS)
    world.queued()
    gone(world, "segments", "buyers")
    gone(world, "segments", "buyers", 404)
    assert {2: 2 * LANES} == Counter(body["revision"] for body in world.queued())


def test_nobody_was_in_a_segment_while_it_was_withdrawn(world):
    world.save(BUYERS)
    world.tell(order(ANN, HOUR))
    world.clock.move_to(NOW + HOUR)
    gone(world, "segments", "buyers")
    world.clock.move_to(NOW + 2 * HOUR)
    world.save(BUYERS)
    membership_history = world.ask("GET", f"/api/profiles/{profile_id(ANN)}/explain/buyers")["history"]
    assert [("Order Completed", 1, "definition", 2), ("definition", 3, None, None)] == [
        (stay["cause"], stay["version"], stay["left_by"], stay["left_version"]) for stay in membership_history
    ]
    assert ("2026-11-21T13:00:00Z", "2026-11-21T14:00:00Z") == (
        membership_history[0]["left"],
        membership_history[1]["entered"],
    )


def test_an_unknown_kind_or_definition_is_not_found(world):
    gone(world, "segment", "buyers", 404)
    gone(world, "borders", "rfm", 404)
    gone(world, "segments", "nobody", 404)


class Between:
    """The port of definitions, with something that happens after the first look at what is current."""

    def __init__(self, ports, happen):
        self._ports, self._definitions, self._happen = ports, ports.definitions, happen
        self.definitions = self

    def __getattr__(self, name):
        return getattr(self._definitions if hasattr(self._definitions, name) else self._ports, name)

    def current(self):
        found, happen = self._definitions.current(), self._happen
        self._happen = lambda: None
        happen()
        return found


def test_a_withdrawal_beside_a_publication_that_newly_refers_leaves_nothing_dangling(world):
    ports = wiring.ports()
    world.save(BUYERS)
    racing = Between(ports, lambda: world.save(CALM))
    with pytest.raises(InUse):
        withdraw(world.context(ports=racing), "segments", "buyers", "ann")
    assert ["buyers", "calm"] == [each.id for each in ports.definitions.current()]


def test_a_publication_beside_the_withdrawal_of_what_it_refers_to_is_refused(world):
    ports = wiring.ports()
    world.save(BUYERS)
    racing = Between(ports, lambda: gone(world, "segments", "buyers"))
    with pytest.raises(DefinitionRefused):
        publish(world.context(ports=racing), "segments", "calm", CALM, "ann")
    assert [] == ports.definitions.current()


def test_publications_of_other_things_beside_it_are_no_conflict(world):
    ports = wiring.ports()
    racing = Between(ports, lambda: world.save(BUYERS))
    assert 1 == publish(world.context(ports=racing), "templates", "note", NOTE, "ann").version
    with pytest.raises(Conflict):
        ports.definitions.publish(ports.definitions.current()[0], revision=0)


def test_every_reference_of_the_shipped_definitions_has_its_place():
    paths = sorted((Path(__file__).parents[2] / "definitions").glob("*/*.yaml"))
    texts = {(path.parent.name, path.stem): path.read_text() for path in paths}
    stored = {
        key: Definition(*key, 1, text, kind_of(key[0]).load(text, None, {}), "ann", 0) for key, text in texts.items()
    }
    found = 0
    for each in stored.values():
        for kind, names in kind_of(each.kind).references(each.body).items():
            for name in names:
                named = stored.get((kind, name)) or stored["scores", name.rpartition("-")[0]]
                places = referrers(named, [each])
                assert places and all(place.where and place.line for place in places), (each.id, kind, name)
                found += 1
    assert found > 5
