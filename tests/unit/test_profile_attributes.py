from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Consent, Event
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes

ADDRESSES = ("email:a@x.org", "user_id:1", "anonymous_id:z")
events = st.builds(
    Event,
    name=st.just("Identified"),
    time=st.integers(1, 6),
    received=st.just(9),
    identifiers=st.lists(st.sampled_from(ADDRESSES), min_size=1, unique=True).map(tuple),
    sort=st.integers(0, 9).map(str),
    source=st.just("segment"),
    traits=st.dictionaries(st.sampled_from("ab"), st.integers(0, 3) | st.text("xy", max_size=1)),
    consent=st.sampled_from([None, "subscribed", "pending", "unsubscribed"]),
    suppression=st.sampled_from([None, "bounce", "complaint"]),
)


@given(st.lists(events, max_size=8), st.randoms(), st.integers(0, 8))
def test_attributes_are_the_same_for_any_order_repetition_and_split_of_events(told, random, cut):
    shuffled = told + told[:2]
    random.shuffle(shuffled)
    halves = (
        profile_attributes.apply(ProfileAttributes("p"), shuffled[:cut]),
        profile_attributes.apply(ProfileAttributes("q"), shuffled[cut:]),
    )
    assert profile_attributes.apply(ProfileAttributes("p"), told) == profile_attributes.merge(*halves)


def said(*statements: tuple[str, Consent, int]) -> ProfileAttributes:
    return profile_attributes.apply(
        ProfileAttributes("p"),
        [Event("Consent Changed", t, t, (who,), f"{t}", "s", consent=what) for who, what, t in statements],
    )


def test_the_strictest_answer_wins_over_the_names_of_a_person():
    assert "unsubscribed" == profile_attributes.consent(
        said(("user_id:1", "unsubscribed", 1), ("email:a@x.org", "subscribed", 5))
    )


def test_who_changes_their_mind_under_the_same_name_is_heard():
    assert "subscribed" == profile_attributes.consent(
        said(("user_id:1", "unsubscribed", 1), ("user_id:1", "subscribed", 5))
    )


def test_without_a_recorded_yes_there_is_an_objection_unless_consent_is_implied():
    assert "no consent recorded" == profile_attributes.objection(ProfileAttributes("p"), "a@x.org", implied=False)
    assert profile_attributes.objection(ProfileAttributes("p"), "a@x.org", implied=True) is None


def test_nothing_lifts_a_suppression():
    attributes = profile_attributes.apply(
        said(("email:a@x.org", "subscribed", 9)),
        [Event("Email Bounced", 3, 3, ("email:a@x.org",), "3", "ses", suppression="bounce")],
    )
    assert "suppressed" == profile_attributes.objection(attributes, "a@x.org", implied=True)
