"""Webhooks of declared sources, from API Gateway's event to its answer, on ports in memory."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.core.base.translation import Request
from functions.sources.declared import source_of
from functions.usecases import quarantine
from functions.usecases.withdraw import withdraw
from tests.declared import FORM, GOLDEN, SALE, TILL, declared, form, publish_source, signed
from tests.fakes import FakePorts
from tests.requests import NOW, Send, gateway
from tests.unit.test_source_golden import outcome

CASES = json.loads((GOLDEN / "till.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_each_golden_request_gives_its_events(case: dict[str, Any]) -> None:
    assert case["expect"] == outcome(source_of(declared(TILL)), case)


@pytest.fixture
def till(fakes: FakePorts) -> FakePorts:
    publish_source(fakes, TILL)
    return fakes


def test_a_webhook_of_a_declared_source_is_in_the_log_before_it_is_answered(till: FakePorts, send: Send) -> None:
    for _ in range(2):
        assert (200, {"success": True}) == send(signed(SALE))
    (event,) = till.log.events
    assert ("Store Purchase", "till", "signed", "order:8") == (event.name, event.source, event.trust, event.natural)
    assert ("email:b@x.org", {"order_id": "8", "total": 9990, "currency": "EUR"}) == (
        event.identifier,
        event.properties,
    )
    assert "email:b@x.org|2026-11-21T18:00:00.000Z#8:Store Purchase" == event.id


def test_a_wrong_signature_is_401_without_detail(till: FakePorts, send: Send) -> None:
    assert (401, {"error": "unauthorized"}) == send(signed(SALE, "another secret of somebody"))
    assert ([], {}) == (till.log.events, till.quarantine.rows)


def test_a_secret_that_was_put_there_a_moment_ago_is_read_anew(till: FakePorts, send: Send) -> None:
    send(signed(SALE))
    till.secrets.values["declared"] = ('{"till": "the newest secret"}',)
    assert 200 == send(signed(SALE, "the newest secret"))[0]


@pytest.mark.parametrize("name", ["nobody", "declared", "segment", "TILL", "till%2F..", "a" * 500])
def test_a_source_that_is_none_is_404(till: FakePorts, send: Send, name: str) -> None:
    assert 404 == send(signed(SALE, path=f"/hooks/{name}"))[0]


def test_declared_sources_that_are_off_say_how_to_turn_them_on(till: FakePorts, send: Send) -> None:
    del till.secrets.values["declared"]
    status, answer = send(signed(SALE))
    assert (404, "sources=…,declared") == (status, answer["faults"][0]["suggestion"])


def test_a_source_without_a_secret_says_so(fakes: FakePorts, send: Send) -> None:
    publish_source(fakes, TILL.replace("id: till", "id: kiosk"), "kiosk")
    status, answer = send(signed(SALE, path="/hooks/kiosk"))
    assert (404, "source: the source kiosk has no secret yet: add it to that of declared sources") == (
        status,
        answer["message"],
    )


def test_a_withdrawn_source_is_404_and_what_it_left_is_found(till: FakePorts, send: Send) -> None:
    send(signed({"type": "sale"}))
    withdraw(till.at(NOW), "sources", "till", "tests")
    assert 404 == send(signed(SALE))[0]
    (item,) = quarantine.listing(till.context, None, 10, None)["items"]
    assert "the source is not declared any more" == quarantine.again(till.context, "till", item["id"])["reason"]


def test_a_body_that_is_too_large_is_413_and_an_ignored_one_is_acknowledged(till: FakePorts, send: Send) -> None:
    assert 413 == send(signed(b"x" * 256_001))[0]
    assert 200 == send(signed({"type": "ping"}))[0]
    assert ([], {}) == (till.log.events, till.quarantine.rows)


@pytest.mark.parametrize("body", [b"", b"no json", b"[]", b"7", b'{"type": "other"}', b'{"type": "sale"}', b"\xff"])
def test_what_is_genuine_and_not_understood_is_in_quarantine_with_its_reason(
    till: FakePorts, send: Send, body: bytes
) -> None:
    assert 200 == send(signed(body))[0]
    (item,) = till.quarantine.of("till")
    assert item.reason and "x-till-signature" not in item.headers


def test_no_part_of_a_body_counts_if_another_is_wrong(fakes: FakePorts, send: Send) -> None:
    more = "  - {event: Seen, time: instant(seen), person: {email: customer.email}}\nsamples:"
    text = TILL.replace("samples:", more).replace("sold_at: 2026", "seen: 1795284000, sold_at: 2026", 1)
    text = text.replace("currency: EUR}}]", "currency: EUR}}, {event: Seen}]")
    publish_source(fakes, text)
    send(signed({**SALE, "seen": "soon"}))
    assert ([], 1) == (fakes.log.events, len(fakes.quarantine.rows))
    send(signed({**SALE, "seen": 1_795_284_000}))
    assert ["Seen", "Store Purchase"] == sorted(event.name for event in fakes.log.events)


def test_headers_that_expressions_read_are_kept_in_quarantine_and_no_others(fakes: FakePorts, send: Send) -> None:
    text = TILL.replace("type == 'sale'", "header('X-Kind') == 'sale'").replace(
        "samples:\n  - body", "samples:\n  - headers: {x-kind: sale}\n    body", 1
    )
    publish_source(fakes, text)
    send(signed({"type": "sale"}, **{"x-kind": "sale", "x-other": "1", "authorization": "hush"}))
    (item,) = fakes.quarantine.of("till")
    assert {"x-kind": "sale"} == item.headers


def test_without_an_id_the_digest_of_the_body_is_the_id(fakes: FakePorts, send: Send) -> None:
    publish_source(fakes, TILL.replace("identity: receipt.id\n", ""))
    for total in ("1.00", "1.00", "2.00"):
        send(signed({**SALE, "total": total}))
    assert 2 == len(fakes.log.events)


def test_the_signed_id_of_a_standard_webhook_is_the_id(fakes: FakePorts) -> None:
    text = TILL.replace("identity: receipt.id\n", "").replace(
        "{scheme: hmac-sha256, header: X-Till-Signature, encoding: hex}", "{scheme: standard-webhooks}"
    )
    request = Request(json.dumps(SALE, default=str).encode(), {"webhook-id": "msg_1"}, received=NOW, currency="EUR")
    (event,) = source_of(declared(text)).translate(request).events
    assert event.sort.endswith("#msg_1:Store Purchase")


def test_the_word_of_the_public_is_a_claim(fakes: FakePorts, send: Send) -> None:
    publish_source(fakes, FORM, "form")
    body = {
        "id": 2,
        "at": "2026-11-21T18:00:00Z",
        "email": "ann@x.org",
        "account": "u1",
        "name": "A",
        "newsletter": True,
    }
    assert 200 == send(form(body))[0]
    assert 200 == send(form({**body, "id": 3, "account": None}, "the one before it"))[0]
    for event in fakes.log.events:
        assert ("public", {"visitor"}) == (event.trust, {name.partition(":")[0] for name in event.identifiers})
        assert "email:ann@x.org" in event.claims
        assert ("email:ann@x.org",) == event.unproven_yes
    assert 401 == send(form(body, "a token of somebody"))[0]


@pytest.mark.parametrize("make", [lambda: signed(SALE), lambda: gateway("POST", "/hooks/till", b"{}")])
def test_a_table_that_cannot_be_read_is_503(till: FakePorts, send: Send, make: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from tests.fakes import Unreachable

    monkeypatch.setattr(FakePorts, "declared_sources", Unreachable())
    assert 503 == send(make())[0]
