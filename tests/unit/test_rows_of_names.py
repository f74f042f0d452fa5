"""Names without room in a person's row lie in rows of their own: their events count, and an erasure finds them."""

from unittest.mock import patch

import pytest

from functions.core.definitions.ruleset import load
from functions.core.profiles import bounds, held_visitors
from functions.core.profiles.stored import StoredProfiles
from functions.usecases import links, profile_update
from functions.usecases.erase import erase_people
from functions.usecases.fold import fold
from tests.flow.in_memory_app import InMemoryApp
from tests.unit.bounded_rows import ANN, attributes_of, event


@pytest.fixture
def crowded():
    """Ann, whose row has room for three of her forty devices."""
    with patch.multiple(bounds, IDENTIFIER_BYTES=60):
        app = InMemoryApp(10_000)
        app.ruleset = load([])
        yield app


def told(ports, *events):
    ports.log.append(events)
    assert {} == fold(ports.context, events)


def the_profile(ports):
    return ports.people.attributes[ports.people.pointers[ANN].profile]


def test_events_under_names_without_room_are_in_the_history_and_found_by_an_erasure(crowded):
    logins = [event(n, ANN, f"anonymous_id:d{n}") for n in range(40)]
    looks = [event(100 + n, f"anonymous_id:d{n}") for n in range(40)]
    told(crowded, *looks[20:])
    for login in logins:
        told(crowded, login)
    told(crowded, *looks[:20])
    stored = the_profile(crowded)
    assert len(stored.identifiers) < 5
    assert {"identifiers"} <= stored.limits
    assert 41 == len(links.complete(crowded.context, stored).identifiers)
    assert 80 == len(profile_update.history(crowded.context, stored))
    assert 80 == erase_people(crowded.context, [ANN]).events
    assert ({}, {}) == (crowded.people.pointers, crowded.people.attributes)
    assert [] == crowded.people.links(stored.profile)
    assert not any([*crowded.log.read(f"anonymous_id:d{n}")] for n in range(40))


def test_what_one_had_left_out_is_found_when_two_have_become_one(crowded):
    told(crowded, *(event(n, "email:ann@x.org", f"anonymous_id:a{n}") for n in range(20)))
    told(crowded, *(event(50 + n, ANN, f"anonymous_id:b{n}") for n in range(20)))
    told(crowded, event(99, ANN, "email:ann@x.org"))
    assert 42 == len(links.complete(crowded.context, the_profile(crowded)).identifiers)
    assert 41 == len(profile_update.history(crowded.context, the_profile(crowded)))


def test_a_known_name_without_room_costs_no_write_of_the_attributes(crowded):
    told(crowded, *(event(n, ANN, f"anonymous_id:d{n}") for n in range(20)))
    version = the_profile(crowded).version
    told(crowded, event(90, ANN, "anonymous_id:d19"))
    assert version == the_profile(crowded).version


def test_an_erased_address_is_not_left_in_the_rows_of_others_whose_events_name_it(crowded):
    with patch.multiple(bounds, VISITED_BYTES=1):
        told(crowded, *(event(n, f"user_id:u{n}", f"email:u{n}@x.org") for n in range(5)))
        told(crowded, *(event(10 + n, ANN, f"email:u{n}@x.org") for n in range(5)))
        ann = the_profile(crowded).profile
        assert 4 == len(crowded.people.links(ann))
        assert 5 == len(links.complete(crowded.context, the_profile(crowded)).visited)
        for n in range(5):
            erase_people(crowded.context, [f"user_id:u{n}"])
        assert [] == crowded.people.links(ann)
        assert frozenset() == links.complete(crowded.context, the_profile(crowded)).visited


def test_a_name_that_a_division_gives_to_somebody_else_is_in_no_row_of_the_first(crowded):
    told(crowded, *(event(100 + n, f"anonymous_id:d{n}", "anonymous_id:home") for n in range(20)))
    told(crowded, event(150, ANN, "anonymous_id:d3"))
    told(crowded, event(90, "user_id:ben", "anonymous_id:d19"), event(91, "user_id:ben", "anonymous_id:d18"))
    people = {name: crowded.people.attributes[crowded.people.pointers[name].profile] for name in (ANN, "user_id:ben")}
    everything = [links.complete(crowded.context, each) for each in people.values()]
    own = {each.profile: each.identifiers - each.spans.keys() for each in everything}
    for profile, names_of in own.items():
        linked = {link.name for link in crowded.people.links(profile) if link.kind == "identifiers"}
        others = set().union(*(others for other, others in own.items() if other != profile))
        assert not linked & others
        assert names_of


def test_whoever_is_held_for_another_day_has_room_or_is_not_held():
    visitor = ["anonymous_id:first"]
    events = [event(n, *visitor, f"anonymous_id:{chr(1) * 500}{n}", trust="public") for n in range(10)]
    nobody = StoredProfiles({}, {}, {})
    assert held_visitors.are_all(events, nobody)
    many = [event(n, *visitor, f"anonymous_id:{chr(1) * 500}{n}", trust="public") for n in range(100)]
    assert not held_visitors.are_all(many, nobody)
    held = held_visitors.only_held(attributes_of(many))
    assert held.identifiers | {link.name for link in held.leaving} == {
        name for each in many for name in each.identifiers
    }
    assert bounds.has_links(held)
