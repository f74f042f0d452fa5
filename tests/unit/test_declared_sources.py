"""Webhooks of declared sources, from API Gateway's event to its answer, on ports in memory."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest

from functions.core.base.errors import BadSignature
from functions.core.base.translation import Request
from functions.sources.declared import source_of
from functions.sources.declared.verify import verify
from functions.usecases import quarantine
from functions.usecases.withdraw import withdraw
from tests.declared import FORM, GOLDEN, SALE, SECRET, TILL, declared, form, publish_source, signed
from tests.fakes import FakePorts
from tests.requests import NOW, Send, gateway
from tests.unit.test_source_golden import outcome

DELIVERY = b'{"id": 1}'


def digest(content: bytes, key: bytes = SECRET.encode()) -> bytes:
    return hmac.new(key, content, hashlib.sha256).digest()


def standard(made: int = NOW, key: bytes = SECRET.encode(), delivery: str = "msg_1") -> dict[str, str]:
    content = f"{delivery}.{made}.".encode() + DELIVERY
    sent = f"v1,bm90IG1pbmU= v1a,x v1,{base64.b64encode(digest(content, key)).decode()}"
    return {"webhook-id": delivery, "webhook-timestamp": str(made), "webhook-signature": sent}


def timestamped(made: int = NOW, secret: str = SECRET) -> dict[str, str]:
    content = digest(f"{made}.".encode() + DELIVERY, secret.encode()).hex()
    return {"x-sig": f"t={made},v0=0,v1=00,v1={content}"}


HEX = {"scheme": "hmac-sha256", "header": "X-Sig"}
BASE64 = {"scheme": "hmac-sha256", "header": "X-Sig", "encoding": "base64"}
PREFIXED = {"scheme": "hmac-sha256", "header": "X-Sig", "prefix": "sha256="}
STANDARD = {"scheme": "standard-webhooks"}
TIMESTAMPED = {"scheme": "timestamped", "header": "X-Sig"}
TOKEN = {"scheme": "token", "header": "X-Sig", "prefix": "Bearer "}
BASIC = {"scheme": "basic"}
HEXED = digest(DELIVERY).hex()
BASICALLY = base64.b64encode(SECRET.encode()).decode()

RIGHT: list[tuple[dict[str, Any], dict[str, str]]] = [
    (HEX, {"x-sig": HEXED}),
    (HEX, {"x-sig": HEXED.upper()}),
    (BASE64, {"x-sig": base64.b64encode(digest(DELIVERY)).decode()}),
    (PREFIXED, {"x-sig": f"sha256={HEXED}"}),
    (STANDARD, standard()),
    (STANDARD, standard(NOW - 300)),
    (TIMESTAMPED, timestamped()),
    (TIMESTAMPED | {"tolerance": 3600}, timestamped(NOW - 3600)),
    (TOKEN, {"x-sig": f"Bearer {SECRET}"}),
    (BASIC, {"authorization": f"Basic {BASICALLY}"}),
    (BASIC, {"authorization": f"basic {BASICALLY}"}),
]
WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    *((scheme, {}) for scheme in (HEX, BASE64, PREFIXED, STANDARD, TIMESTAMPED, TOKEN, BASIC)),
    (HEX, {"x-sig": ""}),
    (HEX, {"x-sig": digest(DELIVERY, b"another secret of somebody").hex()}),
    (HEX, {"x-sig": base64.b64encode(digest(DELIVERY)).decode()}),
    (HEX, {"x-sig": f"{HEXED}é"}),
    (BASE64, {"x-sig": HEXED}),
    (PREFIXED, {"x-sig": HEXED}),
    (STANDARD, standard(NOW - 301)),
    (STANDARD, standard(NOW + 301)),
    (STANDARD, standard() | {"webhook-id": "msg_2"}),
    (STANDARD, standard() | {"webhook-timestamp": str(NOW + 1)}),
    (STANDARD, standard() | {"webhook-timestamp": "9" * 400}),
    (STANDARD, standard(delivery="")),
    (TIMESTAMPED, timestamped(NOW - 301)),
    (TIMESTAMPED, timestamped(secret="another secret of somebody")),
    (TIMESTAMPED, {"x-sig": f"t=,v1={HEXED}"}),
    (TOKEN, {"x-sig": SECRET}),
    (TOKEN, {"x-sig": "Bearer "}),
    (BASIC, {"authorization": f"Bearer {BASICALLY}"}),
    (BASIC, {"authorization": "Basic "}),
]


def check(signature: dict[str, Any], headers: dict[str, str], *values: str) -> None:
    verify("till", signature, Request(DELIVERY, headers, received=NOW), values or (json.dumps({"till": SECRET}),))


@pytest.mark.parametrize(("signature", "headers"), RIGHT)
def test_a_signature_is_taken_as_its_scheme_makes_it(signature: dict[str, Any], headers: dict[str, str]) -> None:
    check(signature, headers)
    check(signature, headers, '{"till": "the secret before this one"}', json.dumps({"till": ["x", SECRET]}))


@pytest.mark.parametrize(("signature", "headers"), WRONG)
def test_anything_else_is_refused(signature: dict[str, Any], headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        check(signature, headers)


@pytest.mark.parametrize("value", ["", "{}", "no json", "[]", '{"till": ""}', '{"till": []}', '{"till": "short"}',
    '{"till": null}', '{"till": {"x": 1}}', '{"other": "a secret of the till"}', SECRET])  # fmt: skip
@pytest.mark.parametrize(("signature", "headers"), RIGHT)
def test_without_a_secret_nobody_is_believed(value: str, signature: dict[str, Any], headers: dict[str, str]) -> None:
    with pytest.raises(BadSignature):
        check(signature, headers, value)


@pytest.mark.parametrize(
    "secret", ["whsec_" + base64.b64encode(b"k" * 24).decode(), base64.b64encode(b"k" * 24).decode()]
)
def test_a_secret_of_standard_webhooks_is_what_its_base64_says(secret: str) -> None:
    """The first vector of the specification's own libraries."""
    check(STANDARD, standard(key=b"k" * 24), json.dumps({"till": secret}))


def test_the_vector_of_the_standard_webhooks_libraries() -> None:
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    verify("till", STANDARD, Request(body, headers, received=1_614_265_330), (json.dumps({"till": secret}),))


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


@pytest.mark.parametrize("make", [lambda: signed(SALE), lambda: gateway("POST", "/hooks/till", b"{}")])
def test_a_table_that_cannot_be_read_is_503(till: FakePorts, send: Send, make: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    from tests.fakes import Unreachable

    monkeypatch.setattr(FakePorts, "declared_sources", Unreachable())
    assert 503 == send(make())[0]
