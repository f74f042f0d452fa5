"""The double opt-in: who says yes without proof, whose no keeps them from being asked, and what is in the link."""

import re
from dataclasses import replace

import pytest

from functions.core.base.errors import Unsendable
from functions.core.base.events import Event
from functions.core.base.rates import Rates
from functions.core.messages import confirmation, confirmation_mail, confirmation_page
from functions.core.messages.template_variables import ShopDetails
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes
from functions.core.timelines import consents

ANN, OTHER, ACCOUNT = "email:ann@x.org", "email:ann@y.org", "user_id:7"
CLAIMS = confirmation.Claims(ANN, "anonymous_id:a1", 1_795_600_000, 1_795_600_000 + confirmation.LIFE)
SHOP = ShopDetails("Tom & <Co>", address="1 High Street")
URL = "https://shop.example/confirm/c1.token"


def said(consent, *identifiers, trust="signed", claims=(), at=5):
    return Event(
        "Identified", at, at, identifiers, f"s{at}", "segment", consent=consent, trust=trust, claims=claims
    )  # fmt: skip


@pytest.mark.parametrize("trust", ["public", "token"])
def test_a_yes_for_an_address_that_is_only_claimed_is_unproven(trust):
    assert (ANN,) == said("subscribed", "anonymous_id:a1", trust=trust, claims=(ACCOUNT, ANN)).unproven_yes


@pytest.mark.parametrize(
    "event",
    [
        said("subscribed", ANN),
        said("unsubscribed", "anonymous_id:a1", trust="public", claims=(ANN,)),
        said("pending", "anonymous_id:a1", trust="public", claims=(ANN,)),
        said(None, "anonymous_id:a1", trust="public", claims=(ANN,)),
        said("subscribed", "anonymous_id:a1", trust="public", claims=(ACCOUNT,)),
    ],
)
def test_no_other_statement_asks_for_a_confirmation(event):
    assert () == event.unproven_yes


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], False),
        ([said("unsubscribed", ANN)], True),
        ([said("unsubscribed", ANN, trust="token")], True),
        ([said("unsubscribed", ANN, trust="public")], False),
        ([said("unsubscribed", ANN), said("subscribed", ANN, at=6)], False),
        ([said("unsubscribed", ANN), said("subscribed", ANN)], True),
        ([said("unsubscribed", ANN), said("subscribed", ANN, at=6, trust="public")], True),
        ([said("unsubscribed", ANN), said("pending", ANN, at=6)], True),
        # A later no of the public hides no earlier one of somebody trusted, and makes none of it.
        ([said("unsubscribed", ANN), said("unsubscribed", ANN, at=6, trust="public")], True),
        (
            [
                said("unsubscribed", ANN),
                said("subscribed", ANN, at=6),
                said("unsubscribed", ANN, at=7, trust="public"),
            ],
            False,
        ),
        # A no without an address counts for each address, one for another address for the person.
        ([said("unsubscribed", ACCOUNT), said("subscribed", ANN, at=4)], True),
        ([said("unsubscribed", ACCOUNT), said("subscribed", ANN, at=6)], False),
        ([said("unsubscribed", OTHER), said("subscribed", ANN, at=6)], True),
    ],
)
def test_a_no_of_somebody_trusted_stands_until_a_later_yes(events, expected):
    for order in (events, events[::-1]):
        attributes = profile_attributes.apply(ProfileAttributes("p"), order)
        assert expected == consents.is_refused(attributes.consent)


def test_the_cause_is_that_of_the_day_and_of_no_flow():
    assert "optin_20261125" == confirmation.cause_of(1_795_600_000)
    assert confirmation.is_cause("optin_20261125")
    assert not any(map(confirmation.is_cause, ("", "optin_1_thanks", "optin-more_1", "thanks_1_thanks")))


def test_the_mail_has_the_link_in_both_parts_and_nothing_that_is_not_escaped():
    mail = confirmation_mail.rendered(SHOP, URL, None)
    assert "Please confirm: e-mails from Tom & <Co>" == mail.subject
    assert [URL] == re.findall(r"https?://\S+", mail.text)
    assert [URL] == re.findall(r'href="([^"]+)"', mail.html)
    assert "Tom &amp; &lt;Co&gt;" in mail.html
    assert "<Co>" not in mail.html
    assert "1 High Street" in mail.text and "1 High Street" in mail.html


def test_a_shop_whose_name_has_line_ends_gets_one_line():
    mail = confirmation_mail.rendered(replace(SHOP, name="Tom\r\nBcc: x@y.org"), URL, None)
    assert "Please confirm: e-mails from Tom Bcc: x@y.org" == mail.subject


def test_a_marketing_template_is_none_for_this_mail():
    with pytest.raises(Unsendable):
        confirmation_mail.rendered(SHOP, URL, {"id": "t", "kind": "marketing"})


def test_the_mail_and_the_pages_say_their_language_title_and_one_heading():
    pages = [confirmation_mail.rendered(SHOP, URL, None).html, confirmation_page.expired("Shop")]
    names = ("asking", "confirmed", "refused", "used")
    pages += [getattr(confirmation_page, name)("Shop", "ann@example.org") for name in names]
    for page in pages:
        assert page.startswith('<!doctype html><html lang="en">')
        assert re.search(r"<title>[^<]+</title>", page)
        assert 1 == page.count("<h1")
        assert "<script" not in page
        assert "ann@example.org" not in page


def test_several_are_taken_of_a_bucket_at_once_or_none():
    rates = Rates()
    assert 0 == rates.take(["a"], 10, 0, 8)
    assert 7 == rates.take(["a"], 10, 0, 3)
    assert 0 == rates.take(["a"], 10, 0, 2)
    assert 0 == rates.take(["a"], 10, 60, 10)
