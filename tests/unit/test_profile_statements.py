"""What one event states of a person, field by field, and what two profiles say together."""

from dataclasses import replace

import pytest

from functions.core.base.events import Event
from functions.core.base.trust import RANKS
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles import bounds
from functions.core.profiles.namings import namings
from functions.core.profiles.records import Link, Naming, ProfileAttributes, Trait
from functions.core.timelines.consents import Statements
from functions.core.timelines.matching import tie

ANN, ACCOUNT, DEVICE = "email:ann@x.org", "user_id:1", "anonymous_id:z"
EVENT = Event("Identified", 7, 8, (ANN, ACCOUNT), "7#a", "crm", trust="token")


def stated(event):
    return profile_attributes.apply(ProfileAttributes("p"), [event])


def test_an_event_states_its_identifiers_and_traits_and_what_it_says_of_its_address():
    event = replace(EVENT, traits={"city": "Cork", "gone": None}, consent="subscribed", suppression="bounce")
    assert stated(event) == ProfileAttributes(
        "p",
        identifiers=frozenset({ANN, ACCOUNT}),
        traits={"city": Trait("Cork", 7, "crm", tie(event), RANKS["token"])},
        consent={ANN: Statements(subscribed=7)},
        suppression={ANN: ("bounce", 7)},
        first_seen=7,
        namings={"ann@x.org": Naming(RANKS["token"], 7, False)},
        since={ANN: 7, ACCOUNT: 7},
    )


def test_an_identifier_that_is_named_alone_joins_nothing_and_has_no_time_since():
    assert stated(replace(EVENT, identifiers=(DEVICE,))).since == {}


@pytest.mark.parametrize(
    ("traits", "limits"),
    [
        ({"a": "x"}, frozenset()),
        ({"a": "x", "b": None}, frozenset()),
        ({"a": "x", "b": "x" * bounds.MOST_TRAIT_BYTES}, {"trait_bytes"}),
        ({"n" * bounds.MOST_TRAIT_BYTES: 1}, {"trait_bytes"}),
    ],
)
def test_a_trait_that_is_left_out_is_told_of(traits, limits):
    assert stated(replace(EVENT, traits=traits)).limits == limits


def test_two_profiles_that_become_one_have_everything_of_both():
    ours = ProfileAttributes(
        "p",
        absorbed=frozenset({"a"}),
        parted=frozenset({"b"}),
        visited=frozenset({"email:c@x.org"}),
        first_seen=5,
        since={ANN: 5, DEVICE: 9},
        limits=frozenset({"traits"}),
        leaving=frozenset({Link("visited", "email:d@x.org", 0)}),
        version=3,
    )
    theirs = ProfileAttributes(
        "q",
        absorbed=frozenset({"e"}),
        parted=frozenset({"f"}),
        visited=frozenset({"email:g@x.org"}),
        first_seen=4,
        since={ANN: 6, DEVICE: 8, ACCOUNT: 1},
        limits=frozenset({"identifiers"}),
        leaving=frozenset({Link("visited", "email:h@x.org", 0)}),
    )
    both = profile_attributes.merge(ours, theirs)
    assert both == ProfileAttributes(
        "p",
        absorbed=frozenset("ae"),
        parted=frozenset("bf"),
        visited=frozenset({"email:c@x.org", "email:g@x.org"}),
        first_seen=4,
        since={ANN: 5, DEVICE: 8, ACCOUNT: 1},
        limits=frozenset({"traits", "identifiers"}),
        version=3,
    )
    assert both.leaving == ours.leaving | theirs.leaving


@pytest.mark.parametrize(("ours", "theirs", "first"), [(0, 0, 0), (0, 4, 4), (5, 0, 5), (5, 4, 4)])
def test_a_profile_without_events_does_not_say_since_when_the_person_is_known(ours, theirs, first):
    merged = profile_attributes.merge(
        ProfileAttributes("p", first_seen=ours), ProfileAttributes("q", first_seen=theirs)
    )
    assert merged.first_seen == first


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, {"ann@x.org": Naming(RANKS["token"], 7, False)}),
        ({"trust": "public"}, {}),
        # The address of the trait is the one that the person says is theirs.
        ({"traits": {"email": "Ann@x.org"}}, {"ann@x.org": Naming(RANKS["token"], 7, True)}),
        ({"traits": {"email": "bob@x.org"}}, {"ann@x.org": Naming(RANKS["token"], 7, False)}),
        ({"name": "Email Opened"}, {"ann@x.org": Naming(RANKS["token"], 0, False)}),
        ({"identifiers": (ACCOUNT, DEVICE)}, {}),
        ({"identifiers": ('email:"a:b"@x.org', DEVICE)}, {'"a:b"@x.org': Naming(RANKS["token"], 7, False)}),
    ],
)
def test_an_address_is_named_with_the_trust_and_the_time_of_its_event(changes, named):
    assert namings(replace(EVENT, **changes)) == named
