"""A buyer at Stripe's checkout: left it, came back and paid, and was paid back."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.runtime.clock import now
from tests.flow.host import Host, opened

START = "2026-11-21T08:00:00Z"
ANN = "email:ann@x.org"
SPENT = "id: spenders\nname: Spenders\nwhen: sum of net total over bought within 365 days > 20\n"


@pytest.fixture
def host(monkeypatch):
    monkeypatch.setenv("SEGUE_NOW", START)
    with opened() as found:
        found.publish("segments", "spenders", SPENT)
        yield found


def told(host: Host, kind: str, subject: Mapping[str, Any], name: str = "") -> None:
    event = {"id": name or f"evt_{kind}_{now()}", "type": kind, "created": now(), "data": {"object": subject}}
    assert 200 == host.delivery("stripe", kind, event).status


def session(created: int, number: int = 1, **more: Any) -> dict[str, Any]:
    """A checkout of 29.90 by a guest, for whom Stripe makes a customer at each."""
    return {
        "id": f"cs_{number}",
        "object": "checkout.session",
        "created": created,
        "mode": "payment",
        "payment_status": "paid",
        "currency": "eur",
        "amount_total": 2990,
        "amount_subtotal": 2990,
        "customer": f"cus_{number}",
        "customer_details": {"email": "ann@x.org", "name": "Ann Lee"},
        "payment_intent": f"pi_{number}",
        "consent": {"promotions": "opt_in"},
        **more,
    }


def charge(refunded: int) -> dict[str, Any]:
    known = {"payment_intent": "pi_1", "customer": None, "billing_details": {"email": None}}
    return {"id": "ch_1", "object": "charge", "created": now(), "currency": "eur", "amount_refunded": refunded, **known}


def spends(host: Host) -> bool:
    person = host.profile(ANN)
    assert person is not None
    return "spenders" in {segment["id"] for segment in person["segments"]}


def test_whoever_left_the_checkout_is_reminded_with_the_link_back(host):
    began = now()
    host.clock.advance("30m")
    left: dict[str, Any] = {"payment_status": "unpaid", "payment_intent": None}
    back: dict[str, Any] = {"after_expiration": {"recovery": {"url": "https://buy.stripe.com/r/1"}}}
    told(host, "checkout.session.expired", session(began, **left, **back))
    host.clock.advance("2h")
    (mail,) = [mail for mail in host.mailbox() if mail["to"] == "ann@x.org"]
    assert "buy.stripe.com/r/1" in mail["html"]


def test_guests_with_one_address_are_one_person_and_a_refund_finds_its_order_by_the_payment(host):
    began = now()
    host.clock.advance("5m")
    told(host, "checkout.session.completed", session(began), "evt_1")
    told(host, "checkout.session.completed", session(began), "evt_1")
    host.clock.advance("1h")
    assert spends(host)
    told(host, "charge.refunded", charge(500), "evt_2")
    assert spends(host)
    host.clock.advance("1h")
    told(host, "charge.refunded", charge(1500), "evt_3")
    told(host, "charge.refunded", charge(1500), "evt_3")
    # 29.90 less 15.00; were both refunds taken off it would be less still, and the next order would not make up for it.
    assert not spends(host)
    told(host, "checkout.session.completed", session(now(), 2, amount_total=600), "evt_4")
    assert spends(host)
    person = host.profile(ANN)
    assert person is not None
    assert {"stripe:cus_1", "stripe:cus_2"} <= set(person["identifiers"])
    assert "subscribed" in str(person["consent"])
