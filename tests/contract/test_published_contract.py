"""What functions read after a publication: one small row, and the bundle only if the row names another one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from functions import telemetry
from functions.adapters.dynamodb.bundle import PART_BYTES
from functions.adapters.dynamodb.definitions import UNBUNDLED
from functions.core.base.errors import Conflict
from functions.core.definitions.records import Definition, EntryOnPublish, Published
from functions.core.ports import Ports
from functions.core.timelines.retention import Retention
from functions.core.timelines.versions import TimelineVersion
from functions.wiring import Wiring
from tests.aws import Aws
from tests.contract.outside import before_a_put
from tests.contract.test_definitions_contract import definition

NOW = 1_795_600_000
MONTH = 30 * 86_400


def stated(name: str, text: str = "id: x", **more: Any) -> Definition:
    return replace(definition(name, text), time=NOW, **more)


def seen(definitions: list[Definition]) -> list[Definition]:
    """As evaluation has them."""
    return [replace(each, text="", author="") for each in definitions]


def published(ports: Ports, etag: str = "") -> Published:
    found = ports.definitions.published(etag)
    assert found is not None
    return found


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The reasons for which definitions were read one by one."""
    reasons: list[str] = []

    def note(counts: dict[str, int], **notes: str) -> None:
        assert {UNBUNDLED: 1} == counts
        reasons.append(notes["bundle"])

    monkeypatch.setattr("functions.wiring.count", note)
    yield reasons


def test_what_is_published_is_told_once_by_its_etag(ports: Ports) -> None:
    first = published(ports)
    assert (0, []) == (first.revision, list(first.definitions))
    assert ports.definitions.published(first.etag) is None
    ports.definitions.publish(stated("a"))
    second = published(ports, first.etag)
    assert (1, ["a"]) == (second.revision, [each.id for each in second.definitions])
    assert ports.definitions.published(second.etag) is None
    assert published(ports, first.etag) == second


def test_it_is_what_is_current_but_for_texts_and_authors(ports: Ports) -> None:
    kept = {"0a0b": TimelineVersion((Retention(1, 86_400), Retention(None, None)), 0)}
    wish = EntryOnPublish({"op": "did", "events": ["A"]})
    ports.definitions.publish(stated("b", kept=kept, entry_on_publish=wish))
    ports.definitions.publish(replace(stated("a"), kind="flows", resumed=NOW))
    ports.definitions.publish_together([stated("b", "id: y"), stated("c"), stated("d")])
    current = ports.definitions.current()
    assert [("flows", "a"), *(("segments", name) for name in "bcd")] == [each.address for each in current]
    assert seen(current) == list(published(ports).definitions)


def test_a_withdrawal_takes_out_and_another_publication_brings_back(ports: Ports) -> None:
    ports.definitions.publish_together([stated("a"), stated("b")])
    ports.definitions.publish(stated("a", "", body={}, withdrawn=True))
    assert ["b"] == [each.id for each in published(ports).definitions]
    ports.definitions.publish(stated("a"))
    assert [("a", 3), ("b", 1)] == [(each.id, each.version) for each in published(ports).definitions]
    ports.definitions.publish_together([stated(name, "", body={}, withdrawn=True) for name in "ab"])
    assert (4, []) == (published(ports).revision, list(published(ports).definitions))


def test_a_refused_publication_changes_nothing_of_it(ports: Ports) -> None:
    ports.definitions.publish(stated("a"))
    before = published(ports)
    with pytest.raises(Conflict):
        ports.definitions.publish(stated("a", "id: other"), revision=7)
    assert before == published(ports)


def test_renewing_changes_nothing_that_is_seen(ports: Ports) -> None:
    ports.definitions.renew_bundle(NOW)
    assert [] == list(published(ports).definitions)
    ports.definitions.publish_together([stated("a"), stated("b")])
    before = published(ports)
    ports.definitions.renew_bundle(NOW + MONTH)
    assert before == published(ports)


def test_nothing_but_the_small_row_is_read_while_nothing_is_published(place: Aws, ports: Ports) -> None:
    ports.definitions.publish_together([stated(f"s{n:03}") for n in range(250)])
    with _calls(place) as made:
        found = published(ports)
    assert [("GetItem", 1), ("BatchGetItem", 1)] == made
    with _calls(place) as made:
        assert ports.definitions.published(found.etag) is None
    assert [("GetItem", 1)] == made


def test_a_large_bundle_lies_in_several_rows(place: Aws, ports: Ports, told: list[str]) -> None:
    # Digits that no compression shortens by much.
    bodies = [{"id": f"s{n}", "noise": str(7 ** (3_000 + n))} for n in range(250)]
    stored = ports.definitions.publish_together([stated(f"s{n:03}", body=body) for n, body in enumerate(bodies)])
    assert 3 < len(_parts(place)) < 10
    assert all(PART_BYTES >= len(part["b"]["B"]) for part in _parts(place))
    assert seen(stored) == list(published(ports).definitions)
    assert not told


@pytest.mark.parametrize(
    ("change", "reason"),
    [("gone", "missing"), ("cut", "damaged"), ("of a later release", "format"), ("of a release before", "none")],
)
def test_without_a_bundle_that_can_be_read_the_definitions_are_read_and_it_is_told(
    place: Aws, ports: Ports, told: list[str], change: str, reason: str
) -> None:
    ports.definitions.publish_together([stated("a"), stated("b"), stated("gone")])
    ports.definitions.publish(stated("gone", "", body={}, withdrawn=True))
    expected = published(ports)
    _break(place, change)
    found = published(ports)
    assert (expected.revision, expected.definitions) == (found.revision, found.definitions)
    assert [reason] == told
    # Every night, and with the next publication, it is whole again.
    ports.definitions.renew_bundle(NOW)
    assert expected == published(ports)
    assert [reason] == told


def test_a_publication_mends_what_was_broken(place: Aws, ports: Ports, told: list[str]) -> None:
    ports.definitions.publish_together([stated("a"), stated("b")])
    _break(place, "cut")
    ports.definitions.publish(stated("c"))
    told.clear()
    assert ["a", "b", "c"] == [each.id for each in published(ports).definitions]
    assert not told


def test_a_bundle_without_a_publication_is_of_no_consequence_and_goes(place: Aws, ports: Ports) -> None:
    """Two publish at once: both have written their bundles, and one of them is refused."""
    ports.definitions.publish(stated("a"))

    def publish() -> None:
        ports.definitions.publish(stated("b"))

    with before_a_put(place, publish, {"r", "d"}.issubset), pytest.raises(Conflict):
        ports.definitions.publish(stated("c"))
    assert ["a", "b"] == [each.id for each in published(ports).definitions]
    assert 3 == len(_parts(place))
    assert {NOW + MONTH} == {int(part["ttl"]["N"]) for part in _parts(place)}


def test_the_current_bundle_is_kept_by_being_renewed(place: Aws, ports: Ports) -> None:
    ports.definitions.publish(stated("a"))
    ports.definitions.renew_bundle(NOW + 86_400)
    (part,) = _parts(place)
    assert str(NOW + 86_400 + MONTH) == part["ttl"]["N"]


def test_what_is_published_while_the_bundle_is_renewed_stays(place: Aws, ports: Ports) -> None:
    ports.definitions.publish(stated("a"))
    _break(place, "of a release before")
    others: list[Definition] = []

    def come_between(params: dict[str, Any], **_: object) -> None:
        if "d" in params["Item"] and not others:
            others.append(stated("b"))
            ports.definitions.publish(stated("b"))

    events = place.clients.get("dynamodb").meta.events
    events.register("provide-client-params.dynamodb.PutItem", come_between)
    try:
        ports.definitions.renew_bundle(NOW)
    finally:
        events.unregister("provide-client-params.dynamodb.PutItem", come_between)
    assert (2, ["a", "b"]) == (published(ports).revision, [each.id for each in published(ports).definitions])


def test_a_release_of_before_publishes_beside_this_one(ports: Ports, place: Aws, told: list[str]) -> None:
    """Its row names no bundle, so nobody takes the one of the publication before for the current one."""
    ports.definitions.publish(stated("a"))
    first = published(ports)
    ports.definitions.publish(stated("a", "id: y", body={"id": "a", "new": True}))
    _break(place, "of a release before")
    found = published(ports, first.etag)
    assert [True] == [each.body.get("new") for each in found.definitions]
    assert ["none"] == told


def test_each_environment_has_its_own_etag_and_loads_once(
    place: Aws, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wiring = Wiring({**environment, "DEFINITIONS_MAX_AGE": "10"}, place.clients)
    clock = [NOW]
    monkeypatch.setattr("functions.wiring.now", lambda: clock[0])
    first = wiring.ruleset()
    with _calls(place) as made:
        assert first is wiring.ruleset()
        clock[0] += 10
        assert first is wiring.ruleset()
    assert [("GetItem", 1)] == made
    telemetry.counts().clear()


def _table(place: Aws) -> str:
    return "segue-definitions"


def _parts(place: Aws) -> list[dict[str, Any]]:
    items = place.clients.get("dynamodb").scan(TableName=_table(place), ConsistentRead=True)["Items"]
    return [item for item in items if item["pk"]["S"].startswith("bundle#")]


def _current(place: Aws) -> list[dict[str, Any]]:
    """The parts of the bundle that the catalogue names."""
    key = {"pk": {"S": "catalogue"}, "version": {"S": "current"}}
    row = place.clients.get("dynamodb").get_item(TableName=_table(place), Key=key, ConsistentRead=True)["Item"]
    return [part for part in _parts(place) if f"#{row['d']['S']}#" in part["pk"]["S"]]


def _break(place: Aws, change: str) -> None:
    client, table = place.clients.get("dynamodb"), _table(place)
    catalogue = {"pk": {"S": "catalogue"}, "version": {"S": "current"}}
    (part,) = _current(place)
    if change == "gone":
        client.delete_item(TableName=table, Key={name: part[name] for name in ("pk", "version")})
    elif change == "cut":
        client.put_item(TableName=table, Item={**part, "b": {"B": part["b"]["B"][:-1]}})
    elif change == "of a later release":
        value = {":f": {"N": "2"}}
        client.update_item(
            TableName=table,
            Key=catalogue,
            UpdateExpression="SET #f = :f",
            ExpressionAttributeNames={"#f": "f"},
            ExpressionAttributeValues=value,
        )
    else:
        client.update_item(TableName=table, Key=catalogue, UpdateExpression="REMOVE d, n, f")


@contextmanager
def _calls(place: Aws) -> Iterator[list[tuple[str, int]]]:
    """The calls of DynamoDB, and how many keys each asks for."""
    made: list[tuple[str, int]] = []

    def note(params: dict[str, Any], model: Any, **_: object) -> None:
        keys = [each["Keys"] for each in params.get("RequestItems", {}).values()]
        made.append((model.name, sum(map(len, keys)) or 1))

    events = place.clients.get("dynamodb").meta.events
    events.register("provide-client-params.dynamodb", note)
    try:
        yield made
    finally:
        events.unregister("provide-client-params.dynamodb", note)
