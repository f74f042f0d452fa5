"""Bodies that real senders sent or documented, read in place from the shared data beside the checkout."""

import base64
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from functions import wiring
from functions.core.base.events import Event
from functions.handlers.collect import handler
from functions.handlers.feedback import handler as feedback
from tests import requests
from tests.fakes import FakePorts
from tests.lambda_context import CONTEXT
from tests.real_bodies import DATA, SHOPIFY, deliveries

NOW = 1_795_288_320
pytestmark = pytest.mark.skipif(
    not SHOPIFY.is_dir(), reason="the shared data is not beside the checkout (SEGUE_SHARED_DATA points to it)"
)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> FakePorts:
    fakes = FakePorts()
    monkeypatch.setattr(wiring, "ports", lambda: fakes)
    monkeypatch.setattr(wiring, "now", lambda: NOW)
    return fakes


def deliver(told: list[tuple[str, str, bytes]], world: FakePorts) -> Counter[str]:
    """Send each; count what became of them."""
    became: Counter[str] = Counter()
    for name, topic, body in told:
        before = (len(world.log.events), len(world.quarantine.rows), len(world.products.rows), len(world.queues.sent))
        answer = handler(requests.shopify(topic, body, event_id=name, triggered_at="2026-11-21T19:00:00Z"), CONTEXT)
        after = (len(world.log.events), len(world.quarantine.rows), len(world.products.rows), len(world.queues.sent))
        assert (200 if topic.strip() else 400) == answer["statusCode"], (name, answer["body"])
        kinds = ("events", "quarantine", "products", "erasures")
        grown = [kind for kind, one, two in zip(kinds, before, after, strict=True) if two > one]
        became[grown[0] if grown else "nothing new"] += 1
    return became


def test_every_shopify_body_is_understood_acknowledged_or_kept_with_its_reason(world: FakePorts) -> None:
    became = deliver(list(deliveries()), world)
    assert sum(became.values()) >= 87
    assert became["events"] >= 25
    assert all(item.reason for item in world.quarantine.rows.values())


def test_twice_and_in_reverse_order_the_log_is_the_same(world: FakePorts) -> None:
    told = list(deliveries())
    deliver(told, world)
    once = dict(world.log.rows), dict(world.quarantine.rows)
    deliver(told[::-1], world)
    assert once == (world.log.rows, world.quarantine.rows)
    backwards = FakePorts()
    world.log, world.quarantine = backwards.log, backwards.quarantine
    deliver(told[::-1], world)
    assert once == (world.log.rows, world.quarantine.rows)


def test_nothing_of_a_raw_body_is_stored_that_is_not_asked_for(world: FakePorts) -> None:
    deliver(list(deliveries()), world)
    assert not any(isinstance(value, float) for event in world.log.events for value in _leaves(event))
    assert max(len(json.dumps([event.properties, event.traits], default=str)) for event in world.log.events) < 20_000


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
def test_the_signature_vectors_hold(vector: dict[str, Any], world: FakePorts) -> None:
    world.secrets.values["shopify"] = (vector["secret"],)
    body = base64.b64decode(vector["body_base64"])
    # The vectors are about bodies alone, which is what the signature covers.
    headers = {"X-Shopify-Topic": "orders/create", **vector["headers"]}
    answer = handler(requests.gateway("POST", "/hooks/shopify", body, headers), CONTEXT)
    assert (200 if vector["valid"] else 401) == answer["statusCode"]


def test_every_segment_example_is_accepted(world: FakePorts) -> None:
    for path in sorted((DATA / "webhooks" / "segment").rglob("*.json")):
        example = {**json.loads(path.read_text()), "anonymousId": "a1", "messageId": path.stem}
        assert 200 == handler(requests.segment("track", example), CONTEXT)["statusCode"], path
    assert 18 == len(world.log.events)


def test_every_ses_event_of_the_documentation_is_understood(world: FakePorts) -> None:
    for path in sorted((DATA / "ses" / "eventbridge-constructed").glob("*.json")):
        feedback(json.loads(path.read_text()), CONTEXT)
    assert {} == world.quarantine.rows
    assert {"bounce", "complaint", None} == {event.suppression for event in world.log.events}
