"""Devices and ids that too many share join nobody, and neither do ids in which something was replaced."""

import pytest

from functions.core.base.identity import identifier
from functions.core.profiles.grouping import MOST_OWNERS, MOST_PASSINGS, grouped
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState
from functions.core.profiles.resolution import resolve
from functions.core.profiles.stored import StoredProfiles
from tests import requests
from tests.unit.bounded_rows import ANN, event


def test_a_device_that_passes_on_for_ever_joins_nobody_any_more():
    users = ["user_id:1", "user_id:2"]
    logins = [event(n, users[n % 2], "anonymous_id:d") for n in range(MOST_PASSINGS + 2)]
    assert not grouped(logins[:MOST_PASSINGS]).public
    groups = grouped(logins)
    assert {"anonymous_id:d"} == groups.public
    assert MOST_OWNERS < MOST_PASSINGS


def test_whoever_shares_more_devices_than_a_row_holds_shares_none_of_them():
    events = [event(n, user, f"anonymous_id:{n // 2:0500d}") for n, user in enumerate(["user_id:1", "user_id:2"] * 100)]
    groups = grouped(events)
    assert {f"anonymous_id:{n:0500d}" for n in range(100)} == groups.public
    few = events[:20]
    assert not grouped(few).public


def test_people_who_become_one_with_too_many_shared_devices_are_divided_by_the_log():
    spans = {f"anonymous_id:{n:0400d}": ((0, 30),) for n in range(40)}
    one, other = (
        ProfileAttributes(profile, identifiers=frozenset({name, *some}), spans=some)
        for profile, name, some in (
            ("p1", ANN, dict([*spans.items()][:35])),
            (
                "p2",
                "email:ann@x.org",
                dict([*spans.items()][35:] + [(f"anonymous_id:e{n:0400d}", ((0, 9),)) for n in range(35)]),
            ),
        )
    )
    stored = StoredProfiles(
        {name: Pointer(name, profile, 1, "s") for name, profile in ((ANN, "p1"), ("email:ann@x.org", "p2"))},
        {profile: StoredState(profile, version=1) for profile in ("p1", "p2")},
        {"p1": one, "p2": other},
    )
    assert None is resolve([event(9, ANN, "email:ann@x.org")], stored, lambda _: 0)


@pytest.mark.parametrize("space", ["user_id", "email", "anonymous_id", "shopify"])
def test_an_id_in_which_something_was_replaced_names_nobody(space):
    assert None is identifier(space, "a\ufffd@x.org")
    assert identifier(space, "ä@x.org")


def test_two_ids_of_which_half_an_emoji_each_was_lost_join_nobody(fakes, send):
    for half in ("\ud83d", "\ud83e"):
        assert 200 == send(requests.segment("identify", {"userId": f"a{half}", "messageId": f"m{half}"}))[0]
    assert {} == fakes.log.rows
    assert {"every identifier names nobody"} == {each.reason for each in fakes.quarantine.of("segment")}


def test_two_messages_of_which_half_an_emoji_of_the_id_each_was_lost_are_two(fakes, send):
    for half in ("\ud83d", "\ud83e"):
        message = {
            "userId": "ann",
            "messageId": f"m{half}",
            "timestamp": "2026-01-01T00:00:00Z",
            "event": f"{ord(half)}",
        }
        assert 200 == send(requests.segment("track", message))[0]
    assert 2 == len([*fakes.log.read("user_id:ann")])
