"""Stripe at the door: its signature with a time, several of them, and events that come again."""

import hashlib
import hmac
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from functions.core.base import money
from functions.core.base.errors import BadSignature
from functions.core.base.translation import Request
from functions.sources import SOURCES
from functions.sources.stripe import TOLERANCE_SECONDS
from functions.sources.stripe.amounts import major
from tests import requests
from tests.fakes import FakePorts
from tests.requests import NOW, Send

BODY = b'{"id": "evt_1", "type": "ping", "created": 1}'
GOOD = hmac.new(b"hush", f"{NOW}.".encode() + BODY, hashlib.sha256).hexdigest()
BAD = "0" * 64


def charge(refunded: int, **more: Any) -> dict[str, Any]:
    return {
        "id": "ch_1",
        "object": "charge",
        "created": NOW - 500,
        "currency": "eur",
        "amount_refunded": refunded,
        "payment_intent": "pi_1",
        "billing_details": {"email": "ann@x.org"},
        **more,
    }


def event(
    subject: Mapping[str, Any], name: str = "evt_1", kind: str = "charge.refunded", **more: Any
) -> dict[str, Any]:
    return {"id": name, "type": kind, "created": NOW - 100, "data": {"object": subject}, **more}


@pytest.mark.parametrize(
    "header",
    [
        f"t={NOW},v1={GOOD}",
        f" t={NOW} , v1={GOOD} ",
        f"t={NOW},v1={BAD},v1={GOOD}",
        f"v0={BAD},v1={GOOD},t={NOW}",
        f"t={NOW},v1={GOOD},v2=later",
    ],
)
def test_a_right_signature_among_several_is_enough(header: str) -> None:
    SOURCES["stripe"].verify(Request(BODY, {"stripe-signature": header}, received=NOW), ("", "old", "hush"))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "hello",
        f"v1={GOOD}",
        f"t={NOW}",
        f"t={NOW},v1={BAD}",
        f"t={NOW},v0={GOOD}",
        f"t={NOW},v1={GOOD.upper()}",
        f"t={NOW + 1},v1={GOOD}",
        f"t=+{NOW},v1={GOOD}",
        f"t=\uff11{NOW},v1={GOOD}",
        f"t={'9' * 5000},v1={GOOD}",
        f"t={NOW},v1=\u00e9{GOOD[1:]}",
        f"t=,t={NOW},v1={GOOD}",
    ],
)
def test_a_wrong_signature_or_time_is_refused(header: str) -> None:
    with pytest.raises(BadSignature):
        SOURCES["stripe"].verify(Request(BODY, {"stripe-signature": header}, received=NOW), ("hush",))


@pytest.mark.parametrize(("late", "status"), [(0, 200), (TOLERANCE_SECONDS, 200), (TOLERANCE_SECONDS + 1, 401)])
def test_a_signature_is_good_for_five_minutes(late: int, status: int, fakes: FakePorts, send: Send) -> None:
    assert status == send(requests.stripe("", event(charge(100)), made=NOW - late))[0]
    assert (status == 200) == bool(fakes.log.events)


def test_both_secrets_are_accepted_and_an_empty_one_signs_nothing(fakes: FakePorts, send: Send) -> None:
    assert 200 == send(requests.stripe("", event(charge(100)), secret="hush-before"))[0]
    fakes.secrets.values["stripe"] = ("",)
    assert 401 == send(requests.stripe("", event(charge(100)), secret=""))[0]


def test_an_event_that_is_sent_again_is_in_the_log_once_though_its_body_differs(fakes: FakePorts, send: Send) -> None:
    for waiting in (2, 1, 0):
        send(requests.stripe("", event(charge(100), pending_webhooks=waiting)))
    assert 1 == len(fakes.log.events)


def test_the_refunds_of_a_charge_are_one_that_grows(fakes: FakePorts, send: Send) -> None:
    for name, amount in (("evt_2", 300), ("evt_1", 100)):
        send(requests.stripe("", event(charge(amount), name)))
    assert {"refund:ch_1"} == {each.natural for each in fakes.log.events}
    assert [100, 300] == sorted(each.properties["total"] for each in fakes.log.events)


def test_what_is_not_understood_is_kept_once_with_its_reason(fakes: FakePorts, send: Send) -> None:
    for _ in range(2):
        assert 200 == send(requests.stripe("", event({"id": "cus_1", "object": "customer", "created": NOW})))[0]
    (kept,) = fakes.quarantine.of("stripe")
    assert ("charge.refunded: data.object is no charge", {}) == (kept.reason, kept.headers)


@pytest.mark.parametrize(
    ("currency", "amount", "expected"),
    [
        ("EUR", 1050, 1050),
        ("JPY", 1050, 1050),
        ("KWD", 1050, 1050),
        ("ISK", 50000, 500),
        ("UGX", 50000, 500),
        ("MGA", 5, 500),
        ("HUF", 1050, 1050),
        ("EUR", -1050, -1050),
        ("EUR", 2**53 - 1, 2**53 - 1),
    ],
)
def test_stripes_units_become_the_currencys_own(currency: str, amount: int, expected: int) -> None:
    assert expected == money.to_minor(major(amount, currency), currency)


def test_an_amount_is_exact_and_none_is_none() -> None:
    assert (Decimal("10.50"), None) == (major(1050, "EUR"), major(None, "EUR"))
