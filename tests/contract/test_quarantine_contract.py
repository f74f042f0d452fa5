"""Quarantine: kept whole, once, until it was replayed."""

from dataclasses import replace

from functions.core.records import Quarantined
from functions.wiring import Wiring

ITEM = Quarantined("shopify", "w1", "no such topic", {"x-topic": "é"}, '{"a": "' + "x" * 600_000 + '"}', 100)


def test_a_request_is_kept_whole(ports: Wiring) -> None:
    ports.quarantine.put(ITEM)
    assert [ITEM] == ports.quarantine.of("shopify")
    assert [] == ports.quarantine.of("segment")


def test_a_repetition_changes_nothing(ports: Wiring) -> None:
    ports.quarantine.put(ITEM)
    ports.quarantine.put(replace(ITEM, received=200, reason="other"))
    assert [ITEM] == ports.quarantine.of("shopify")


def test_requests_are_shown_oldest_first_until_removed(ports: Wiring) -> None:
    for name, received in (("a", 300), ("b", 200), ("c", 250)):
        ports.quarantine.put(replace(ITEM, id=name, received=received, body=""))
    assert ["b", "c", "a"] == [item.id for item in ports.quarantine.of("shopify")]
    ports.quarantine.remove("shopify", "c")
    ports.quarantine.remove("shopify", "c")
    assert ["b", "a"] == [item.id for item in ports.quarantine.of("shopify")]
