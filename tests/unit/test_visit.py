"""The token of a visit: whose it is, until when, and what the event says that comes of it."""

import pytest

from functions.core.base.events import Event
from functions.core.messages import visit
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes
from functions.sources.segment.visit import without_token

NOW = 1_795_600_000


def test_a_token_names_its_recipient_until_it_ends_under_either_secret():
    token = visit.seal("old", "Ann@x.org", NOW)
    assert "email:ann@x.org" == visit.open_token(("new", "old"), token, NOW + visit.LIFE - 1)
    assert visit.open_token(("new", "old"), token, NOW + visit.LIFE) is None
    assert visit.open_token(("new",), token, NOW) is None


@pytest.mark.parametrize(
    ("properties", "kept"),
    [
        ({"url": "https://x.org/?a=1&segue_token=v1.A-b_c#end"}, {"url": "https://x.org/?a=1&#end"}),
        ({"search": "?segue_token=v1.A&b=2"}, {"search": "?&b=2"}),
        ({"referrer": "https://x.org/#segue_token=v1.A"}, {"referrer": "https://x.org/#"}),
        ({"segue_token": "v1.A", "url": 7}, {"url": 7}),
        ({"url": "https://x.org/?my_segue_token=1"}, {"url": "https://x.org/?my_segue_token=1"}),
    ],
)
def test_the_token_is_not_kept_with_the_event(properties, kept):
    assert kept == without_token(properties)


def test_that_an_old_mail_led_somebody_here_says_nothing_of_which_address_is_in_use():
    events = [
        Event(name, at, at, (address, "user_id:7"), f"s{at}", "segment", trust="token")
        for at, name, address in (
            (5, "Identified", "email:old@x.org"),
            (6, "Identified", "email:new@x.org"),
            (7, "Visitor Recognised", "email:old@x.org"),
        )
    ]
    known = profile_attributes.apply(ProfileAttributes("p"), events)
    assert ["new@x.org", "old@x.org"] == profile_attributes.addresses(known)
