"""Bodies that real senders sent or documented, read in place from the shared data beside the checkout."""

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from functools import partial
from typing import Any

import pytest

from functions.core.base.errors import BadSignature
from functions.core.base.events import Event, Suppression
from functions.core.base.translation import Request
from functions.handlers.collect import handler
from functions.handlers.feedback import handler as feedback
from functions.sources import SOURCES
from tests import requests
from tests.fakes import FakePorts
from tests.lambda_context import CONTEXT
from tests.real_bodies import DATA, SHOPIFY, deliveries, of_stripe, of_woocommerce

pytestmark = pytest.mark.skipif(
    not SHOPIFY.is_dir(), reason="the shared data is not beside the checkout (SEGUE_SHARED_DATA points to it)"
)


Told = list[tuple[str, str, bytes]]
# The request of a storefront, and what it may have sent.
Sends = tuple[Callable[[str, bytes], dict[str, Any]], Callable[[], Iterator[tuple[str, str, bytes]]]]
STOREFRONTS: Mapping[str, Sends] = {
    "shopify": (partial(requests.shopify, triggered_at="2026-11-21T19:00:00Z"), deliveries),
    "woocommerce": (partial(requests.woocommerce, id="12", delivery_id="d1"), of_woocommerce),
    "stripe": (requests.stripe, of_stripe),
}


def deliver(told: Told, fakes: FakePorts, source: str = "shopify") -> Counter[str]:
    """Send each; count what became of them."""
    request, _ = STOREFRONTS[source]
    became: Counter[str] = Counter()
    for name, topic, body in told:
        before = (len(fakes.log.events), len(fakes.quarantine.rows), len(fakes.products.rows), len(fakes.queues.sent))
        answer = handler(request(topic, body), CONTEXT)
        after = (len(fakes.log.events), len(fakes.quarantine.rows), len(fakes.products.rows), len(fakes.queues.sent))
        assert (200 if topic.strip() or source == "stripe" else 400) == answer["statusCode"], (name, answer["body"])
        kinds = ("events", "quarantine", "products", "erasures")
        grown = [kind for kind, one, two in zip(kinds, before, after, strict=True) if two > one]
        became[grown[0] if grown else "nothing new"] += 1
    return became


@pytest.mark.parametrize(
    ("source", "sent", "events"), [("shopify", 87, 25), ("woocommerce", 150, 25), ("stripe", 50, 8)]
)
def test_every_body_is_understood_acknowledged_or_kept_with_its_reason(
    source: str, sent: int, events: int, fakes: FakePorts
) -> None:
    became = deliver(list(STOREFRONTS[source][1]()), fakes, source)
    assert sum(became.values()) >= sent
    assert became["events"] >= events
    assert all(item.reason for item in fakes.quarantine.rows.values())


@pytest.mark.parametrize("source", STOREFRONTS)
def test_twice_and_in_reverse_order_the_log_is_the_same(source: str, fakes: FakePorts) -> None:
    told = list(STOREFRONTS[source][1]())
    deliver(told, fakes, source)
    once = dict(fakes.log.rows), dict(fakes.quarantine.rows)
    deliver(told[::-1], fakes, source)
    assert once == (fakes.log.rows, fakes.quarantine.rows)
    backwards = FakePorts()
    fakes.log, fakes.quarantine = backwards.log, backwards.quarantine
    deliver(told[::-1], fakes, source)
    assert once == (fakes.log.rows, fakes.quarantine.rows)


@pytest.mark.parametrize("source", STOREFRONTS)
def test_nothing_of_a_raw_body_is_stored_that_is_not_asked_for(source: str, fakes: FakePorts) -> None:
    deliver(list(STOREFRONTS[source][1]()), fakes, source)
    assert not any(isinstance(value, float) for event in fakes.log.events for value in _leaves(event))
    assert max(len(json.dumps([event.properties, event.traits], default=str)) for event in fakes.log.events) < 20_000


def _leaves(event: Event) -> Iterator[Any]:
    level: list[Any] = [event.properties, event.traits]
    while level:
        value = level.pop()
        if isinstance(value, dict):
            level.extend(value.values())
        elif isinstance(value, list):
            level.extend(value)
        else:
            yield value


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(vector, id=f"{vector['scheme']}, {vector['case']}: {'good' if vector['valid'] else 'bad'}")
        for vector in json.loads((DATA / "webhooks/signing/vectors.json").read_text())["vectors"]
        if vector["scheme"] in ("shopify", "woocommerce")
    ]
    if SHOPIFY.is_dir()
    else [],
)
def test_each_signature_vector_is_accepted_or_refused_as_it_says(vector: dict[str, Any], fakes: FakePorts) -> None:
    source, body = vector["scheme"], base64.b64decode(vector["body_base64"])
    # The vectors are about bodies alone, which is what the signature covers; a ping has no topic.
    topics = {"X-Shopify-Topic": "orders/create", "X-WC-Webhook-Topic": "order.updated"}
    headers = {**(topics if vector["valid"] is not None else {}), **vector["headers"]}
    # As it was typed, and as the storefront stores it.
    for name in ("secret", "secret_as_stored_by_woocommerce"):
        fakes.secrets.values[source] = (vector.get(name) or vector.get("secret") or "hush",)
        answer = handler(requests.gateway("POST", f"/hooks/{source}", body, headers), CONTEXT)
        assert (401 if vector["valid"] is False else 200) == answer["statusCode"]


@pytest.mark.parametrize(
    "vector",
    [
        pytest.param(vector, id=f"{vector['case']}: {'good' if vector['valid'] else 'bad'}")
        for vector in json.loads((DATA / "webhooks/signing/vectors.json").read_text())["vectors"]
        if vector["scheme"] == "stripe"
    ]
    if SHOPIFY.is_dir()
    else [],
)
def test_each_signature_vector_with_a_time_is_accepted_or_refused_as_it_says(vector: dict[str, Any]) -> None:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    request = Request(base64.b64decode(vector["body_base64"]), headers, received=int(vector["now"]))
    with nullcontext() if vector["valid"] else pytest.raises(BadSignature):
        SOURCES["stripe"].verify(request, (vector["secret"],))


def test_every_segment_example_is_accepted(fakes: FakePorts) -> None:
    for path in sorted((DATA / "webhooks" / "segment").rglob("*.json")):
        example = {**json.loads(path.read_text()), "anonymousId": "a1", "messageId": path.stem}
        assert 200 == handler(requests.segment("track", example), CONTEXT)["statusCode"], path
    assert 18 == len(fakes.log.events)


def test_every_ses_event_of_the_documentation_is_understood(fakes: FakePorts) -> None:
    meant: set[Suppression | None] = set()
    for path in sorted((DATA / "ses" / "eventbridge-constructed").glob("*.json")):
        translation = SOURCES["ses"].translate(Request(path.read_bytes(), received=requests.NOW))
        meant |= {event.suppression for event in translation.events}
        feedback(json.loads(path.read_text()), CONTEXT)
    assert {"bounce", "complaint", None} == meant
    assert {} == fakes.quarantine.rows
    # None of the messages is in the ledger, and nobody has the addresses: nothing of them is kept.
    assert [] == fakes.log.events
