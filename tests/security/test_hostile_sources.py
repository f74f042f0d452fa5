"""Hostile values in every place of every sender's body: understood, refused or kept, and never the cause of a fault.

What is accepted is folded, evaluated by the shipped segments, scores and flows, mailed about, and read back.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.adapters.dynamodb.rows import events as rows
from functions.core.base.errors import NotUnderstood, Refused
from functions.core.base.translation import Request, Translation
from functions.sources import SOURCES
from tests.requests import NOW, segment, shopify, stripe, woocommerce
from tests.security.hostile import mutated, mutations, paths
from tests.security.in_process import Shop, opened
from tests.unit.strategies import at_most
from tests.unit.strategies.values import NIGHTLY

GOLDEN = Path(__file__).parent.parent / "golden" / "sources"
DAY = 86_400
SIGNED: Mapping[str, Callable[..., dict[str, Any]]] = {"shopify": shopify, "woocommerce": woocommerce, "stripe": stripe}


def bodies(source: str) -> list[dict[str, Any]]:
    """The golden cases of the source whose body is JSON."""
    cases = [case for path in sorted((GOLDEN / source).glob("*.json")) for case in json.loads(path.read_text())]
    return [case for case in cases if not isinstance(case["body"], str)]


CASES = {source: bodies(source) for source in SOURCES}
PLACES = {source: [(case, path) for case in CASES[source] for path in paths(case["body"])] for source in SOURCES}


def hostile(source: str) -> st.SearchStrategy[tuple[dict[str, Any], bytes]]:
    """A golden case of the source, and its body with one hostile value somewhere."""
    return st.tuples(st.sampled_from(PLACES[source]), st.sampled_from(mutations())).map(
        lambda chosen: (chosen[0][0], mutated(chosen[0][0]["body"], chosen[0][1], chosen[1]))
    )


def translated(source: str, case: dict[str, Any], raw: bytes) -> Translation:
    """What the source makes of the body; nothing if it refuses it, in words that can be answered."""
    try:
        request = Request(raw, case.get("headers", {}), case.get("route", ""), NOW, "EUR", trust="signed")
        return SOURCES[source].translate(request)
    except NotUnderstood as error:
        error.reason.encode()
    except Refused as error:
        assert error.faults
        for fault in error.faults:
            f"{fault.where}{fault.message}{fault.suggestion}".encode()
    return Translation()


def check(translation: Translation) -> None:
    """Each event is a row of the log that reads back as the same event."""
    for event in translation.events:
        row = rows.to_item(event, 1, "")
        assert event == rows.from_item(row)
        plain = [row[name] for name in row if name != rows.PACKED]
        json.dumps([plain, event.properties, event.traits], ensure_ascii=False, default=str).encode()
        assert 0 <= event.time <= NOW
        assert len(event.sort.encode()) <= 1024
        assert all(1 < len(name.encode()) <= 2048 for name in event.identifiers)


@pytest.mark.parametrize("source", sorted(SOURCES))
@at_most(20_000)
@given(data=st.data())
def test_a_hostile_value_anywhere_is_understood_refused_or_kept(source: str, data: st.DataObject) -> None:
    check(translated(source, *data.draw(hostile(source))))


@pytest.mark.skipif(not NIGHTLY, reason="every value in every place, 300,000 bodies: make nightly")
@pytest.mark.parametrize("source", sorted(SOURCES))
def test_every_hostile_value_in_every_place_is_understood_refused_or_kept(source: str) -> None:
    for case, path in PLACES[source]:
        for mutation in mutations():
            check(translated(source, case, mutated(case["body"], path, mutation)))


def request_of(source: str, case: dict[str, Any], raw: bytes) -> dict[str, Any]:
    """The request with the body, as its sender makes it."""
    if source == "segment":
        return segment(case.get("route", "batch"), raw)
    event = SIGNED[source]("", raw)
    event["headers"] |= case.get("headers", {})
    return event


def sent(shop: Shop, source: str, case: dict[str, Any], raw: bytes) -> None:
    """Send the body; what is refused writes nothing, and what is kept is one row."""
    before = shop.written
    if source == "ses":
        try:
            event = json.loads(raw)
        except (ValueError, RecursionError):
            return
        shop.report(event)
        return
    status, body, _ = shop.ask(request_of(source, case, raw))
    assert status in (200, 400, 401, 404, 413), (status, body)
    if status != 200:
        assert json.loads(body)["error"]
        assert before == shop.written
        return
    (events, kept, *others), (events_before, kept_before, *others_before) = shop.written, before
    if len(kept) > len(kept_before):
        assert len(kept) == len(kept_before) + 1 or source == "segment"
        assert (events_before, others_before) == (events, others) or source == "segment"


# One of these takes as long as a hundred of the others.
@at_most(2_000 if NIGHTLY else 30)
@given(
    chosen=st.lists(
        st.sampled_from(sorted(SOURCES)).flatmap(lambda name: hostile(name).map(lambda two: (name, *two))),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_accepted_is_folded_acted_upon_and_read_back(chosen: list[tuple[str, dict[str, Any], bytes]]) -> None:
    with opened() as shop:
        for source, case, raw in chosen:
            sent(shop, source, case, raw)
        shop.settle()
        shop.read_everybody()
        shop.to(NOW + 2 * DAY)
        shop.read_everybody()


def test_the_bodies_that_hostile_values_are_put_into_are_taken_as_they_are() -> None:
    with opened() as shop:
        for source in SOURCES:
            for case in CASES[source]:
                sent(shop, source, case, json.dumps(case["body"]).encode())
        accepted = len(shop.log.events)
        shop.settle()
        shop.read_everybody()
    assert accepted >= 50
    assert shop.people.states
