import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event
from functions.core.base.trust import RANKS
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import ProfileAttributes
from functions.core.timelines.consents import answer_of_entries
from functions.core.timelines.matching import matches, tie
from functions.core.timelines.spec import TimelineSpec
from tests.unit.reference.people import consent_of

A, B = "email:a@x.org", "email:b@x.org"
NAMES = (A, B, "user_id:1", "anonymous_id:z")
events = st.builds(
    Event,
    name=st.sampled_from(["Identified", "Identified", "Email Opened"]),
    time=st.integers(1, 6),
    received=st.just(9),
    identifiers=st.lists(st.sampled_from(NAMES), min_size=1, unique=True).map(tuple),
    sort=st.integers(0, 9).map(str),
    source=st.just("segment"),
    traits=st.dictionaries(st.sampled_from(["a", "b", "email"]), st.integers(0, 3) | st.sampled_from(["x", "b@x.org"])),
    consent=st.sampled_from([None, "subscribed", "pending", "unsubscribed"]),
    suppression=st.sampled_from([None, "bounce", "complaint"]),
    trust=st.sampled_from(["public", "token", "signed"]),
    undated=st.booleans(),
    claims=st.sampled_from([(), (), ("user_id:9",), ("user_id:9", "email:c@x.org")]),
)
histories = st.lists(events, max_size=8)


def attributes_of(history):
    return profile_attributes.apply(ProfileAttributes("p"), history)


@given(histories, st.randoms(), st.integers(0, 8))
def test_attributes_are_the_same_for_any_order_repetition_and_split_of_events(history, random, cut):
    shuffled = history + history[:2]
    random.shuffle(shuffled)
    halves = (
        profile_attributes.apply(ProfileAttributes("p"), shuffled[:cut]),
        profile_attributes.apply(ProfileAttributes("q"), shuffled[cut:]),
    )
    assert attributes_of(history) == profile_attributes.merge(*halves)


@given(histories)
def test_consent_is_what_a_list_of_all_statements_says(history):
    assert consent_of(history) == profile_attributes.consent(attributes_of(history))


@given(histories)
def test_the_condition_on_consent_sees_what_the_attributes_say(history):
    spec = TimelineSpec(consent=True, keep=None)
    timeline = [entry for event in history for entry in matches(spec, event)]
    assert consent_of(history) == answer_of_entries(latest(timeline))


def latest(timeline):
    """Of each key the greatest entry, as a timeline keeps it."""
    return {entry.key: entry for entry in sorted(timeline)}.values()


@given(histories)
def test_of_a_trait_the_latest_statement_of_the_highest_trust_counts(history):
    expected = {}
    for event in sorted(history, key=lambda each: (RANKS[each.trust], each.time, tie(each), str(each.traits))):
        expected.update(event.traits)
    found = {name: trait.value for name, trait in attributes_of(history).traits.items()}
    assert expected.keys() == found.keys()
    ties = {(event.trust, event.time, tie(event)) for event in history}
    if len(ties) == len(history):
        assert expected == found


@given(histories)
def test_addresses_are_those_that_somebody_trusted_named_the_latest_of_the_highest_trust_first(history):
    named = [
        (RANKS[event.trust], 0 if event.name == "Email Opened" else event.time, name)
        for event in history
        for name in event.identifiers
        if name in (A, B) and event.trust != "public"
    ]
    found = profile_attributes.addresses(attributes_of(history))
    assert {name.partition(":")[2] for *_, name in named} == set(found)
    if named:
        first = max(named)[:2]
        assert f"email:{found[0]}" in {name for *weight, name in named if tuple(weight) == first}


def said(*statements, trust="signed", names=(A,)):
    return [Event("Consent Changed", t, t, names, f"{t}", "s", consent=what, trust=trust) for what, t in statements]


def answer(*histories):
    return profile_attributes.consent(attributes_of([event for history in histories for event in history]))


def test_the_strictest_answer_wins_over_the_addresses_of_a_person():
    assert "unsubscribed" == answer(said(("unsubscribed", 1), names=(B,)), said(("subscribed", 5)))


def test_who_changes_their_mind_for_the_same_address_is_heard():
    assert "subscribed" == answer(said(("unsubscribed", 1), ("subscribed", 5)))


def test_a_no_on_a_strangers_device_with_somebodys_address_gives_way_to_the_persons_own_later_yes():
    strangers = said(("unsubscribed", 1), trust="public", names=("anonymous_id:thrown-away", A))
    assert "unsubscribed" == answer(strangers)
    assert "subscribed" == answer(strangers, said(("subscribed", 2), trust="token"))


def test_a_public_yes_takes_back_no_no_and_is_no_yes():
    assert answer(said(("subscribed", 5), trust="public")) is None
    assert "unsubscribed" == answer(said(("unsubscribed", 1)), said(("subscribed", 5), trust="public"))


def test_a_public_trait_fills_what_no_trusted_source_said_and_replaces_nothing():
    def stated(time, trust, **traits):
        return Event("Identified", time, time, ("user_id:1",), f"{time}", "s", traits=traits, trust=trust)

    found = attributes_of([stated(1, "signed", name="Ann"), stated(9, "public", name="Click here", shoe=42)]).traits
    assert {"name": "Ann", "shoe": 42} == {name: trait.value for name, trait in found.items()}


def test_an_address_that_only_the_public_named_is_not_written_to():
    def named(time, trust, address):
        return Event("Identified", time, time, ("user_id:1", address), f"{time}", "s", trust=trust)

    found = attributes_of([named(1, "signed", A), named(9, "public", B)])
    assert ["a@x.org"] == profile_attributes.addresses(found)
    assert [] == profile_attributes.addresses(attributes_of([named(9, "public", B)]))
    assert ["b@x.org", "a@x.org"] == profile_attributes.addresses(
        attributes_of([named(1, "signed", A), named(2, "signed", B)])
    )


def test_of_addresses_that_were_named_alike_the_first_of_the_alphabet_is_in_use():
    both = Event("Identified", 1, 1, ("user_id:1", B, A), "1", "s", trust="signed")
    assert ["a@x.org", "b@x.org"] == profile_attributes.addresses(attributes_of([both]))


def test_a_report_of_an_old_message_does_not_make_its_address_the_one_in_use():
    def event(name, time, *names):
        return Event(name, time, time, names, f"{time}", "s")

    history = [event("Identified", 1, "user_id:1", A), event("Identified", 2, "user_id:1", B)]
    found = attributes_of([*history, event("Email Opened", 3, A)])
    assert ["b@x.org", "a@x.org"] == profile_attributes.addresses(found)


@pytest.mark.parametrize(
    ("consent", "expected", "if_implied"),
    [
        (None, "no consent recorded", None),
        ("subscribed", None, None),
        ("pending", "consent pending", "consent pending"),
        ("unsubscribed", "unsubscribed", "unsubscribed"),
    ],
)
def test_without_a_recorded_yes_there_is_an_objection_unless_consent_is_implied(consent, expected, if_implied):
    attributes = attributes_of(said((consent, 1)))
    assert expected == profile_attributes.objection(attributes, "a@x.org", implied=False)
    assert if_implied == profile_attributes.objection(attributes, "a@x.org", implied=True)
    assert "no address" == profile_attributes.objection(attributes, None, implied=True)


def test_an_event_is_about_whoever_has_its_account_and_of_a_shared_device_about_who_had_it_then():
    ann = ProfileAttributes("p", frozenset({"user_id:1", A, "anonymous_id:z"}), spans={"anonymous_id:z": ((5, 9),)})

    def event(time, *names):
        return Event("Product Viewed", time, time, names, f"{time}", "s")

    assert profile_attributes.belongs(ann, event(1, "user_id:1", B))
    assert not profile_attributes.belongs(ann, event(1, "user_id:2", A))
    assert profile_attributes.belongs(ann, event(5, "anonymous_id:z"))
    assert not profile_attributes.belongs(ann, event(9, "anonymous_id:z"))
    assert not profile_attributes.belongs(ann, event(5, "anonymous_id:y"))


def test_nothing_lifts_a_suppression():
    bounced = Event("Email Bounced", 3, 3, (A,), "3", "ses", suppression="bounce")
    attributes = attributes_of([*said(("subscribed", 9)), bounced])
    assert "suppressed" == profile_attributes.objection(attributes, "a@x.org", implied=True)
