"""What leaves a row that is full, and what does not: the border, the order, and the names to be found again."""

from collections.abc import Mapping
from typing import Any

import pytest

from functions.core.profiles import bounds
from functions.core.profiles.bounds import EVERY_ADDRESS, within_row
from functions.core.profiles.records import Link, Naming, ProfileAttributes, Trait

# Eight names of 12 characters and two quotes each.
DEVICES = frozenset(f"session_id:{letter}" for letter in "abcdefgh")
DEVICE = 14


@pytest.fixture(autouse=True)
def _room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "IDENTIFIER_BYTES", 8 * (DEVICE + bounds.BESIDE_IDENTIFIER))
    # Three addresses of one letter: three characters and two quotes.
    monkeypatch.setattr(bounds, "ADDRESS_BYTES", 3 * (5 + bounds.BESIDE_ADDRESS))
    monkeypatch.setattr(bounds, "SUPPRESSION_BYTES", 3 * (9 + bounds.BESIDE_SUPPRESSION))


def kept(names: frozenset[str], since: Mapping[str, int]) -> ProfileAttributes:
    return within_row(ProfileAttributes("p", identifiers=names, since=since))


def test_what_is_exactly_as_much_as_there_is_room_for_reaches_no_limit() -> None:
    full: dict[str, Any] = {
        "traits": {str(number): Trait(1, 1, "segment") for number in range(bounds.MOST_TRAITS)},
        "identifiers": DEVICES,
        "namings": {address: Naming(1, 1) for address in ("a@x", "b@x", "c@x")},
        "suppression": {f"email:{letter}": ("bounce", 1) for letter in "abc"},
        "absorbed": frozenset(f"p{number}" for number in range(bounds.MOST_PROFILES)),
    }
    whole = ProfileAttributes("p", **full)
    assert within_row(whole) is whole


def test_a_limit_is_not_reached_by_the_entry_that_exceeds_the_room_if_it_is_the_last() -> None:
    longer = DEVICES - {"session_id:a"} | {"session_id:zz"}
    for whole in (
        ProfileAttributes("p", identifiers=longer),
        ProfileAttributes("p", namings={address: Naming(1, 1) for address in ("a@x", "b@x", "ccc@x")}),
    ):
        assert within_row(whole) is whole


def test_names_that_leave_the_row_are_found_again_with_their_times_and_the_row_has_no_times_but_of_its_own() -> None:
    late = {"session_id:y": 70, "session_id:z": 0}
    since = dict.fromkeys(DEVICES, 5) | {"session_id:y": 70}
    person = kept(DEVICES | late.keys(), since)
    assert person.identifiers == DEVICES - {"session_id:h"} | {"session_id:z"}
    assert {Link("identifiers", "session_id:h", 5), Link("identifiers", "session_id:y", 70)} == person.leaving
    assert person.since == dict.fromkeys(DEVICES - {"session_id:h"}, 5)
    assert person.limits == {"identifiers"}


def test_other_names_leave_without_a_time_even_if_they_are_identifiers_with_one() -> None:
    parted = frozenset(f"p{number:04}" for number in range(bounds.MOST_PROFILES + 1))
    person = within_row(ProfileAttributes("p", parted=parted, since={f"p{bounds.MOST_PROFILES:04}": 7}))
    assert {Link("parted", f"p{bounds.MOST_PROFILES:04}", 0)} == person.leaving


def test_a_name_of_which_no_time_is_known_was_there_first_and_leaves_with_no_time() -> None:
    strong = frozenset(f"user_id:{number:04}" for number in range(9))
    person = kept(strong | {"session_id:a"}, {"session_id:a": 3})
    assert Link("identifiers", "session_id:a", 3) in person.leaving
    late = dict.fromkeys(DEVICES, 1)
    assert "session_id:z" in kept(DEVICES | {"session_id:z"}, late).identifiers
    nine = kept(DEVICES | {"session_id:z"}, {})
    assert {Link("identifiers", "session_id:z", 0)} == nine.leaving


def test_accounts_are_kept_before_addresses_and_these_before_devices() -> None:
    accounts = {f"user_id:000{number}" for number in range(4)}
    addresses = {f"email:a{number}@x.o" for number in range(4)}
    early = dict.fromkeys(DEVICES, 1) | dict.fromkeys(addresses, 2) | dict.fromkeys(accounts, 3)
    person = kept(DEVICES | addresses | accounts, early)
    assert accounts | addresses <= person.identifiers
    many = {f"email:b{number}@x.o" for number in range(20)}
    assert accounts <= kept(frozenset(many | accounts), dict.fromkeys(many, 1) | dict.fromkeys(accounts, 3)).identifiers


def test_of_many_addresses_those_are_kept_that_the_most_trusted_named_last() -> None:
    named = {"a@x": Naming(1, 9), "b@x": Naming(2, 1), "c@x": Naming(2, 3), "d@x": Naming(2, 3, True)}
    person = within_row(ProfileAttributes("p", namings=named))
    assert person.namings == {address: named[address] for address in ("d@x", "c@x", "b@x")}
    assert person.limits == {"namings"}


def test_of_addresses_beyond_the_room_all_are_suppressed_and_a_complaint_outweighs_the_earliest_bounce() -> None:
    said: dict[str, Any] = {f"email:{letter}": ("bounce", 9) for letter in "abc"}
    many = said | {"email:d": ("bounce", 2)}
    assert {EVERY_ADDRESS: ("bounce", 2)} == within_row(ProfileAttributes("p", suppression=many)).suppression
    worse = many | {"email:e": ("complaint", 7), "email:f": ("complaint", 5)}
    person = within_row(ProfileAttributes("p", suppression=worse))
    assert {EVERY_ADDRESS: ("complaint", 5)} == person.suppression
    assert within_row(person) is person
    again = within_row(ProfileAttributes("p", suppression={EVERY_ADDRESS: ("bounce", 2), "email:a": ("bounce", 1)}))
    assert {EVERY_ADDRESS: ("bounce", 1)} == again.suppression
