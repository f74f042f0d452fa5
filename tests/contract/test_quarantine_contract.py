"""Quarantine: kept whole, once, until it was replayed or dropped."""

from dataclasses import replace

import pytest

from functions.adapters.dynamodb.values import binary, number, text
from functions.adapters.packing import pack
from functions.core.base.errors import Malformed
from functions.core.base.quarantine import Quarantined, QuarantineEntry
from functions.core.ports import Ports
from tests.aws import Aws

# Far from now: the emulator drops rows once they have expired.
THEN = 2_000_000_000
ITEM = Quarantined("shopify", "w1", "no such topic", {"x-topic": "é"}, '{"a": "' + "x" * 600_000 + '"}', THEN)


def ids(ports: Ports, *sources: str) -> list[str]:
    found, _ = ports.quarantine.page(sources or ("shopify", "segment"), 100)
    return [entry.id for entry in found]


def test_a_request_in_quarantine_is_kept_whole(ports: Ports) -> None:
    ports.quarantine.put(ITEM)
    assert ITEM == ports.quarantine.get("shopify", "w1")
    assert ports.quarantine.get("segment", "w1") is None
    assert ports.quarantine.get("shopify", "w2") is None


def test_a_repetition_changes_nothing(ports: Ports) -> None:
    ports.quarantine.put(ITEM)
    ports.quarantine.put(replace(ITEM, received=THEN + 100, reason="other"))
    assert ITEM == ports.quarantine.get("shopify", "w1")
    assert ["w1"] == ids(ports)


def test_a_list_says_why_when_and_how_large_and_not_what(ports: Ports) -> None:
    ports.quarantine.put(ITEM)
    found, following = ports.quarantine.page(("shopify",), 10)
    assert [QuarantineEntry("shopify", "w1", "no such topic", THEN, len(ITEM.body))] == found
    assert following is None
    assert ([], None) == ports.quarantine.page(("segment",), 10)


def test_requests_are_listed_newest_first_until_removed(ports: Ports) -> None:
    for name, received in (("a", 300), ("b", 200), ("c", 250)):
        ports.quarantine.put(replace(ITEM, id=name, received=THEN + received, body=""))
    ports.quarantine.put(replace(ITEM, source="segment", id="d", received=THEN + 225, body=""))
    assert ["a", "c", "d", "b"] == ids(ports)
    assert ["a", "c", "b"] == ids(ports, "shopify")
    ports.quarantine.remove("shopify", "c")
    ports.quarantine.remove("shopify", "c")
    assert ["a", "d", "b"] == ids(ports)


def test_a_list_goes_on_where_the_page_before_ended(ports: Ports) -> None:
    for number_ in range(25):
        ports.quarantine.put(replace(ITEM, id=f"w{number_}", received=THEN + number_ // 3, body=""))
    seen, start = [], None
    while True:
        found, start = ports.quarantine.page(("shopify",), 4, start)
        seen += found
        if start is None:
            break
    assert {f"w{number_}" for number_ in range(25)} == {entry.id for entry in seen}
    assert 25 == len(seen)
    assert sorted((entry.received for entry in seen), reverse=True) == [entry.received for entry in seen]
    with pytest.raises(Malformed):
        ports.quarantine.page(("shopify",), 4, "yesterday")


def test_rows_of_before_there_was_an_index_are_shown_and_listed(
    place: Aws, ports: Ports, environment: dict[str, str]
) -> None:
    body = binary(pack({"reason": "old", "headers": {}, "body": "{}"}))
    row = {"pk": text("shopify"), "sk": text("w0"), "r": number(50), "b": body, "ttl": number(10**10)}
    place.clients.get("dynamodb").put_item(TableName=environment["TABLE_QUARANTINE"], Item=row)
    ports.quarantine.put(ITEM)
    assert Quarantined("shopify", "w0", "old", {}, "{}", 50) == ports.quarantine.get("shopify", "w0")
    found, following = ports.quarantine.page(("shopify",), 10)
    assert (["w1", "w0"], None) == ([entry.id for entry in found], following)
    assert QuarantineEntry("shopify", "w0", "old", 50, 2) == found[1]


def test_a_new_reason_is_listed_and_nothing_else_changes(ports: Ports) -> None:
    ports.quarantine.put(ITEM)
    ports.quarantine.restate(ITEM, "something else is wrong")
    assert replace(ITEM, reason="something else is wrong") == ports.quarantine.get("shopify", "w1")
    found, _ = ports.quarantine.page(("shopify",), 10)
    assert [("something else is wrong", THEN)] == [(each.reason, each.received) for each in found]


def test_the_reason_of_what_is_gone_brings_nothing_back(ports: Ports) -> None:
    ports.quarantine.restate(ITEM, "something else is wrong")
    assert ports.quarantine.get("shopify", "w1") is None
    assert [] == ids(ports)
