"""What a public message says of consent for a name that it claims."""

import pytest

from functions.core.base.events import Event
from functions.core.timelines.consents import statements
from functions.sources.segment.consent import withdrawals

ADDRESS, ACCOUNT = "email:ann@x.org", "user_id:7"


def said(consent, *claims):
    return Event(
        "Identified", 5, 5, ("anonymous_id:a",), "s", "segment",
        {"page": "/"}, {"first_name": "Evil"}, consent=consent, trust="public", claims=claims,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("claims", "expected"),
    [((ACCOUNT, ADDRESS), [ADDRESS]), ((ADDRESS,), [ADDRESS]), ((ACCOUNT,), [ACCOUNT]), ((), [])],
)
def test_a_public_no_is_said_again_of_whom_it_claims_alone(claims, expected):
    found = list(withdrawals(said("unsubscribed", *claims)))
    assert [(name,) for name in expected] == [event.identifiers for event in found]
    for event in found:
        assert ("Consent Changed", "public", "unsubscribed", 5) == (event.name, event.trust, event.consent, event.time)
        assert ({}, {}, ()) == (event.traits, event.properties, event.claims)
        assert {event.identifier} == statements(event).keys()


@pytest.mark.parametrize("consent", ["subscribed", "pending", None])
def test_what_is_no_no_is_said_of_nobody_else(consent):
    assert [] == list(withdrawals(said(consent, ADDRESS)))


def test_what_is_said_of_a_claimed_address_is_not_said_of_the_device():
    assert {} == statements(said("unsubscribed", ADDRESS))
    assert {"anonymous_id:a"} == statements(said("unsubscribed")).keys()
