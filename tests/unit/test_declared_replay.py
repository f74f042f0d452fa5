"""What declared sources left in quarantine, replayed by the mapping of now: one, a page, twice."""

from typing import Any

import pytest

from functions.usecases import quarantine
from tests.declared import FORM, SALE, TILL, form, publish_source, signed
from tests.fakes import FakePorts
from tests.requests import NOW, Send


@pytest.fixture
def till(fakes: FakePorts) -> FakePorts:
    publish_source(fakes, TILL)
    return fakes


MENDED = TILL.replace("type == 'sale'", "type == 'sale' || type == 'Verkauf'")


def waiting(fakes: FakePorts, send: Send) -> list[str]:
    """Three requests in quarantine, of which a mended source understands two."""
    for number, kind in enumerate(["Verkauf", "Verkauf", "Tausch"]):
        send(signed({**SALE, "type": kind, "receipt": {"id": number}}))
    assert [] == fakes.log.events
    return [item.id for item in fakes.quarantine.of("till")]


def test_all_are_replayed_by_the_mapping_of_now_and_the_rest_stays_with_its_new_reason(
    till: FakePorts, send: Send
) -> None:
    waiting(till, send)
    publish_source(till, MENDED.replace("ignore: type == 'ping'", "ignore: starts_with(total, type)").replace(
        "- body: {type: ping}", "- body: {type: ping, total: pingpong}"))  # fmt: skip
    found: list[dict[str, Any]] = []
    start: str | None = None
    while True:
        page = quarantine.again_together(till.at(NOW + 60), "till", 2, start)
        found += page["items"]
        if (start := page["next"]) is None:
            break
    assert [False, True, True] == sorted(each["replayed"] for each in found)
    assert ["0", "1"] == sorted(str(event.properties["order_id"]) for event in till.log.events)
    assert {NOW} == {event.received for event in till.log.events}
    (kept,) = till.quarantine.of("till")
    assert next(each["reason"] for each in found if not each["replayed"]) == kept.reason


@pytest.mark.parametrize("again", [1, 2])
def test_a_replay_that_comes_twice_changes_nothing(till: FakePorts, send: Send, again: int) -> None:
    ids = waiting(till, send)
    publish_source(till, MENDED)
    kept = dict(till.quarantine.rows)
    for _ in range(again):
        # As if the row had not been deleted, or came again.
        till.quarantine.rows.update(kept)
        assert [True, True, False] == [quarantine.again(till.context, "till", name)["replayed"] for name in ids]
    assert 2 == len(till.log.events)


def test_a_replay_of_every_source_takes_those_of_ours_too(till: FakePorts, send: Send) -> None:
    from tests import requests

    waiting(till, send)
    send(requests.shopify("orders/create", b"[]"))
    found = quarantine.again_together(till.context, None, 50, None)
    assert {"till", "shopify"} == {each["source"] for each in found["items"]}
    assert found["next"] is None


def test_a_request_that_came_as_the_publics_stays_the_publics(fakes: FakePorts, send: Send) -> None:
    publish_source(fakes, FORM, "form")
    send(form({"id": 5, "email": "ann@x.org"}))
    (item,) = fakes.quarantine.of("form")
    publish_source(fakes, FORM.replace("trust: public", "trust: signed").replace("    time: instant(at)\n", ""), "form")
    assert quarantine.again(fakes.context, "form", item.id)["replayed"]
    (event,) = fakes.log.events
    assert ("public", ("email:ann@x.org",)) == (event.trust, event.claims)


def test_a_request_is_the_publics_once_the_source_says_so(till: FakePorts, send: Send) -> None:
    (first, *_) = waiting(till, send)
    publish_source(till, MENDED.replace("identity:", "trust: public\nidentity:"))
    quarantine.again(till.context, "till", first)
    assert ["public"] == [event.trust for event in till.log.events]
