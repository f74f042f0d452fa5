"""Bodies that real senders sent or documented, read in place from the shared data beside the checkout."""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from functions.core.base.events import Event, Suppression
from functions.core.base.translation import Request
from functions.handlers.collect import handler
from functions.handlers.feedback import handler as feedback
from functions.sources import SOURCES
from tests import requests
from tests.fakes import FakePorts
from tests.lambda_context import CONTEXT
from tests.real_bodies import DATA, SHOPIFY, deliveries

pytestmark = pytest.mark.skipif(
    not SHOPIFY.is_dir(), reason="the shared data is not beside the checkout (SEGUE_SHARED_DATA points to it)"
)


def deliver(told: list[tuple[str, str, bytes]], fakes: FakePorts) -> Counter[str]:
    """Send each; count what became of them."""
    became: Counter[str] = Counter()
    for name, topic, body in told:
        before = (len(fakes.log.events), len(fakes.quarantine.rows), len(fakes.products.rows), len(fakes.queues.sent))
        answer = handler(requests.shopify(topic, body, event_id=name, triggered_at="2026-11-21T19:00:00Z"), CONTEXT)
        after = (len(fakes.log.events), len(fakes.quarantine.rows), len(fakes.products.rows), len(fakes.queues.sent))
        assert (200 if topic.strip() else 400) == answer["statusCode"], (name, answer["body"])
        kinds = ("events", "quarantine", "products", "erasures")
        grown = [kind for kind, one, two in zip(kinds, before, after, strict=True) if two > one]
        became[grown[0] if grown else "nothing new"] += 1
    return became


def test_every_shopify_body_is_understood_acknowledged_or_kept_with_its_reason(fakes: FakePorts) -> None:
    became = deliver(list(deliveries()), fakes)
    assert sum(became.values()) >= 87
    assert became["events"] >= 25
    assert all(item.reason for item in fakes.quarantine.rows.values())


def test_twice_and_in_reverse_order_the_log_is_the_same(fakes: FakePorts) -> None:
    told = list(deliveries())
    deliver(told, fakes)
    once = dict(fakes.log.rows), dict(fakes.quarantine.rows)
    deliver(told[::-1], fakes)
    assert once == (fakes.log.rows, fakes.quarantine.rows)
    backwards = FakePorts()
    fakes.log, fakes.quarantine = backwards.log, backwards.quarantine
    deliver(told[::-1], fakes)
    assert once == (fakes.log.rows, fakes.quarantine.rows)


def test_nothing_of_a_raw_body_is_stored_that_is_not_asked_for(fakes: FakePorts) -> None:
    deliver(list(deliveries()), fakes)
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
        pytest.param(vector, id=f"{vector['case']}: {'good' if vector['valid'] else 'bad'}")
        for vector in json.loads((DATA / "webhooks/signing/vectors.json").read_text())["vectors"]
        if vector["scheme"] == "shopify"
    ]
    if SHOPIFY.is_dir()
    else [],
)
def test_each_signature_vector_is_accepted_or_refused_as_it_says(vector: dict[str, Any], fakes: FakePorts) -> None:
    fakes.secrets.values["shopify"] = (vector["secret"],)
    body = base64.b64decode(vector["body_base64"])
    # The vectors are about bodies alone, which is what the signature covers.
    headers = {"X-Shopify-Topic": "orders/create", **vector["headers"]}
    answer = handler(requests.gateway("POST", "/hooks/shopify", body, headers), CONTEXT)
    assert (200 if vector["valid"] else 401) == answer["statusCode"]


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
