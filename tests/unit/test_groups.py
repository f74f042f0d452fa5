"""Who is one person, and whose a device is when."""

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from functions.core.base.events import Event
from functions.core.profiles.grouping import MOST_OWNERS, Groups, grouped, order
from tests.unit.reference import groups as reference


def event(number, time, *names):
    return Event("A", time, time, names, f"{number:03d}", "t")


def linked(*events):
    groups = Groups()
    for each in sorted(events, key=order):
        groups.link(each)
    return groups


def test_events_that_carry_several_identifiers_join_them_in_any_order():
    links = [["user_id:A", "anonymous_id:X"], ["anonymous_id:X", "email:a@x.org"], ["email:a@x.org", "shopify:1"]]
    for ordered in itertools.permutations(links):
        groups = Groups()
        for link in ordered:
            groups.link(event(1, 1, *link))
        assert 1 == len(groups.all())


def test_a_device_passes_on_to_whoever_logs_in_and_back():
    groups = linked(
        event(1, 10, "user_id:A", "anonymous_id:X"),
        event(2, 20, "user_id:B", "anonymous_id:X"),
        event(3, 30, "user_id:A", "anonymous_id:X"),
    )
    ann, ben = groups.at("user_id:A", 0), groups.at("user_id:B", 0)
    assert [(0, ann), (20, ben), (30, ann)] == groups.owners("anonymous_id:X")
    assert ((0, 20), (30, None)) == groups.spans("anonymous_id:X", ann)
    assert {"user_id:B", "anonymous_id:X"} == groups.names(ben)


def test_a_device_that_accounts_of_one_person_use_never_passes_on():
    groups = linked(
        event(1, 10, "user_id:A", "anonymous_id:X"),
        event(2, 20, "shopify:1", "anonymous_id:X"),
        event(3, 30, "email:a@x.org", "anonymous_id:X"),
    )
    assert 1 == len(groups.owners("anonymous_id:X"))


def test_a_login_comes_before_what_is_done_without_a_name_in_its_second():
    groups = linked(
        event(1, 10, "user_id:A", "anonymous_id:X"),
        event(2, 20, "anonymous_id:X", "shopify_cart:c"),
        event(3, 20, "user_id:B", "anonymous_id:X"),
    )
    assert {"user_id:B", "anonymous_id:X", "shopify_cart:c"} == groups.names(groups.at("user_id:B", 0))


def test_a_device_that_too_many_people_use_joins_nobody():
    till = "anonymous_id:till"
    accounts = [event(number, number, f"user_id:{number}", till) for number in range(1, MOST_OWNERS + 1)]
    nameless = event(98, 50, till, "shopify_cart:c")
    assert {"user_id:1", till} == grouped(accounts).names(grouped(accounts).at("user_id:1", 0))
    groups = grouped([*accounts, nameless, event(99, 60, "user_id:99", till)])
    assert {till} == groups.public
    assert {"user_id:1"} == groups.names(groups.at("user_id:1", 0))
    assert {till} == groups.names(groups.of(nameless))


logins = st.tuples(st.integers(1, 9), st.sampled_from(["user_id:1", "user_id:2", "user_id:3", None]))


@given(st.lists(logins, max_size=9))
def test_what_is_done_without_a_name_is_of_whoever_was_last_logged_in(told):
    device = "anonymous_id:X"
    events = [
        event(number, time, *([account] if account else []), device) for number, (time, account) in enumerate(told)
    ]
    groups = linked(*events)
    known = sorted((each.time, each.id, each.identifiers[0]) for each in events if len(each.identifiers) > 1)
    for each in events:
        if len(each.identifiers) == 1 and known:
            before = [account for time, _, account in known if time <= each.time]
            owner = before[-1] if before else known[0][2]
            assert owner in groups.names(groups.of(each))


NAMES = ["user_id:1", "user_id:2", "shopify:3", "shopify:4", "email:a@x.org", "email:b@x.org"]
DEVICES = ["anonymous_id:X", "anonymous_id:Y", "shopify_cart:c", "shopify_cart:d", "visitor:X/1", "visitor:X/2"]
links = st.tuples(
    st.integers(1, 9),
    st.lists(st.sampled_from(NAMES + 2 * DEVICES), min_size=1, max_size=3, unique=True),
    st.sampled_from([False] * 9 + [True]),
)


@given(st.lists(links, max_size=9))
def test_everybody_has_the_names_and_events_that_the_log_gives_them(told):
    events = [replace(event(number, time, *names), merges=merges) for number, (time, names, merges) in enumerate(told)]
    groups = linked(*events)
    found = {groups.names(each): [one for one in events if groups.of(one) == each] for each in groups.all()}
    assert dict(reference.people(events)) == found
