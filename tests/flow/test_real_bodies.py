"""Every body that a storefront sent or documented, through the whole of the host."""

from collections.abc import Iterable
from typing import Any

import pytest

from local.runtime.lambda_events import LocalAnswer
from tests.flow.host import SHOP_DOMAIN, Host, opened
from tests.real_bodies import SHOPIFY, deliveries, of_stripe, of_woocommerce

pytestmark = pytest.mark.skipif(
    not SHOPIFY.is_dir(), reason="the shared data is not beside the checkout (SEGUE_SHARED_DATA points to it)"
)
START = "2026-11-21T08:00:00Z"
# What erases people depends on whether it comes before or after what it erases.
ERASING = ("customers/redact", "shop/redact")
Told = tuple[str, str, bytes]


def everybody(host: Host) -> list[Any]:
    """Who is known, under no name of ours: identifiers, traits, segments and consent."""
    known = []
    for person in host.local("GET", "people")["people"]:
        found = host.profile(person["identifiers"][0])
        assert found is not None
        known.append((found["identifiers"], found["traits"], [s["id"] for s in found["segments"]], found["consent"]))
    return sorted(known, key=str)


def deliver(host: Host, source: str, name: str, topic: str, body: bytes) -> LocalAnswer:
    """Deliver one body as the storefront does."""
    if source == "shopify":
        return host.webhook(topic, body, event_id=name, webhook_id=name, triggered_at=START)
    return host.delivery(source, topic, body)


def play(source: str, told: Iterable[Told], monkeypatch: pytest.MonkeyPatch) -> tuple[list[Any], list[Any]]:
    """The people and the mails that a run of deliveries leaves after two days."""
    monkeypatch.setenv("SEGUE_NOW", START)
    # Without a domain of the shop, the shops of all bodies are taken.
    with opened(shop_domain=SHOP_DOMAIN if source == "shopify" else "") as host:
        for name, topic, body in told:
            answer = deliver(host, source, name, topic, body)
            assert 200 == answer.status, (name, answer.body)
        host.clock.advance("2d")
        assert [] == host.local("GET", "overview")["dead_letters"]
        return everybody(host), [(mail["to"], mail["subject"]) for mail in host.mailbox()]


@pytest.mark.parametrize(
    ("source", "found", "least"),
    [("shopify", deliveries, 9), ("woocommerce", of_woocommerce, 6), ("stripe", of_stripe, 4)],
)
def test_twice_and_in_reverse_order_the_people_are_the_same_and_nobody_gets_a_second_e_mail(
    monkeypatch, source, found, least
):
    # Without a topic a webhook is refused, as test_collect.py shows.
    told = [delivery for delivery in found() if (delivery[1] or source == "stripe") and delivery[1] not in ERASING]
    people, mails = play(source, told, monkeypatch)
    again, more = play(source, [*told[::-1], *told], monkeypatch)
    assert len(people) >= least
    assert people == again
    assert sorted(mails) == sorted(more)
