"""Definitions: every version kept, one of each current, publications one after the other."""

from dataclasses import replace
from decimal import Decimal

import pytest

from functions.core.base.errors import Conflict, Unavailable
from functions.core.definitions.records import Definition, EntryOnPublish
from functions.core.ports import Ports
from functions.wiring import Wiring
from tests.aws import Aws
from tests.contract.outside import before_a_put


def definition(name: str, text: str = "id: x", kind: str = "segments") -> Definition:
    return Definition(kind, name, 0, text, {"id": name, "limit": Decimal("0.5")}, "ann", 100)


def test_nothing_is_published_at_first(ports: Ports) -> None:
    assert [] == ports.definitions.current()
    assert 0 == ports.definitions.revision()


def test_the_last_publication_is_current_and_the_revision_grows(ports: Ports) -> None:
    first = ports.definitions.publish(definition("a"))
    revision = ports.definitions.revision()
    second = ports.definitions.publish(definition("a", "id: y"))
    flow = ports.definitions.publish(definition("a", kind="flows"))
    assert (1, 2, 1) == (first.version, second.version, flow.version)
    assert [flow, second] == ports.definitions.current()
    assert revision < ports.definitions.revision()


def test_the_number_of_the_current_version_is_read_alone(ports: Ports) -> None:
    assert 0 == ports.definitions.latest("segments", "a")
    for text in ("id: x", "id: y"):
        ports.definitions.publish(definition("a", text))
    assert (2, 0) == (ports.definitions.latest("segments", "a"), ports.definitions.latest("flows", "a"))


def test_a_flow_keeps_since_when_it_is_active_again(ports: Ports) -> None:
    published = ports.definitions.publish(replace(definition("a", kind="flows"), resumed=100))
    assert (100, 100) == (published.resumed, ports.definitions.current()[0].resumed)


def test_a_withdrawn_definition_is_not_current_and_its_versions_go_on(ports: Ports) -> None:
    first = ports.definitions.publish(definition("a"))
    other = ports.definitions.publish(definition("b"))
    gone = ports.definitions.publish(replace(definition("a", ""), body={}, replaces=1, withdrawn=True))
    assert (2, 1, True) == (gone.version, gone.replaces, gone.withdrawn)
    assert ([other], 0) == (ports.definitions.current(), ports.definitions.latest("segments", "a"))
    assert [first, gone] == ports.definitions.versions("segments", "a")
    again = ports.definitions.publish(definition("a"))
    assert (3, 2, False) == (again.version, again.replaces, again.withdrawn)
    assert [first, gone, again] == ports.definitions.versions("segments", "a")
    assert [again, other] == ports.definitions.current()


def test_a_publication_that_has_not_seen_the_latest_one_is_a_conflict(ports: Ports) -> None:
    seen = ports.definitions.revision()
    ports.definitions.publish(definition("a"), revision=seen)
    with pytest.raises(Conflict):
        ports.definitions.publish(definition("b"), revision=seen)
    ports.definitions.publish(definition("b"), revision=seen + 1)


def test_more_definitions_than_one_read_takes_are_all_current(ports: Ports) -> None:
    for n in range(105):
        ports.definitions.publish(definition(f"s{n:03}"))
    assert [f"s{n:03}" for n in range(105)] == [found.id for found in ports.definitions.current()]


def test_every_version_is_kept(ports: Ports) -> None:
    published = [ports.definitions.publish(definition("a", text)) for text in ("one", "two", "three")]
    assert published == [ports.definitions.version("segments", "a", version) for version in (1, 2, 3)]
    assert ports.definitions.version("segments", "a", 4) is None
    assert ports.definitions.version("flows", "a", 1) is None
    assert published == ports.definitions.versions("segments", "a")
    assert [0, 1, 2] == [found.replaces for found in published]
    assert [] == ports.definitions.versions("flows", "a")


def test_a_wish_is_kept_with_its_version_and_a_version_knows_its_publication(ports: Ports) -> None:
    linked_entries = (None, EntryOnPublish(), EntryOnPublish({"op": "did", "events": ["A"], "limit": Decimal("0.5")}))
    published = [ports.definitions.publish(replace(definition("a"), entry_on_publish=wish)) for wish in linked_entries]
    assert [1, 2, 3] == [each.revision for each in published]
    stored = [ports.definitions.version("segments", "a", version) for version in (1, 2, 3)]
    assert (published, list(linked_entries)) == (stored, [each.entry_on_publish for each in stored if each])


def test_a_row_of_before_there_were_wishes_has_none(ports: Ports, environment: dict[str, str], place: Aws) -> None:
    ports.definitions.publish(definition("a"))
    key = {"pk": {"S": "segments#a"}, "version": {"S": "0000000001"}}
    place.clients.get("dynamodb").update_item(
        TableName=environment["TABLE_DEFINITIONS"], Key=key, UpdateExpression="REMOVE r"
    )
    (found,) = ports.definitions.current()
    assert (0, None) == (found.revision, found.entry_on_publish)


def test_a_publication_between_read_and_write_is_a_conflict_and_the_next_attempt_works(
    place: Aws, ports: Ports
) -> None:
    """The other publication comes between our two writes; our version row is left behind and passed over."""
    others: list[Definition] = []

    def publish() -> None:
        others.append(ports.definitions.publish(definition("b")))

    with before_a_put(place, publish, {"r"}.issubset), pytest.raises(Conflict):
        ports.definitions.publish(definition("a"))
    assert others == ports.definitions.current()
    assert 2 == ports.definitions.publish(definition("a")).version
    assert [2] == [found.version for found in ports.definitions.versions("segments", "a")]
    assert ["a", "b"] == [found.id for found in ports.definitions.current()]


def test_a_table_that_is_not_there_is_unavailable(ports: Ports, environment: dict[str, str], place: Aws) -> None:
    lost = Wiring({**environment, "TABLE_DEFINITIONS": "segue-gone"}, place.clients)
    with pytest.raises(Unavailable, match="get definitions: ResourceNotFoundException"):
        lost.definitions.current()


def test_definitions_published_together_have_one_revision_and_are_current_at_once(ports: Ports) -> None:
    ports.definitions.publish(definition("a"))
    published = ports.definitions.publish_together([definition("a", "id: y"), definition("b"), definition("c")])
    assert [(2, 2), (1, 2), (1, 2)] == [(each.version, each.revision) for each in published]
    assert published == ports.definitions.current()
    assert [] == ports.definitions.publish_together([])
    assert 2 == ports.definitions.revision()


def test_of_definitions_published_together_one_conflict_leaves_all_as_they_were(ports: Ports) -> None:
    first = ports.definitions.publish(definition("a"))
    ports.definitions.publish(definition("a", "id: y"))
    with pytest.raises(Conflict):
        ports.definitions.publish_together([definition("b"), replace(definition("a", "id: z"), replaces=first.version)])
    assert [("a", "id: y")] == [(each.id, each.text) for each in ports.definitions.current()]
