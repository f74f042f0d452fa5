import itertools

import pytest

from functions.core.identity import Groups, identifier, primary


@pytest.mark.parametrize(
    "value",
    ["null", "undefined", "Unknown", "0", "", "  ", "00000000-0000-0000-0000-000000000000", None, True, 1.5, [], {}],
)
def test_a_value_that_names_nobody_is_no_identifier(value):
    assert identifier("user_id", value) is None


@pytest.mark.parametrize("value", ["ann", "@x.org", "a@", "a b@x.org", "a@b@c"])
def test_what_is_not_an_address_is_no_email(value):
    assert identifier("email", value) is None


def test_an_address_is_one_whatever_its_case():
    assert "email:ann@x.org" == identifier("email", " Ann@X.org ")


def test_ids_above_the_exact_range_of_floats_survive():
    assert "shopify:9007199254740993" == identifier("shopify", 9007199254740993)


def test_the_partition_of_an_event_is_the_address_when_there_is_one():
    assert "email:a@x.org" == primary(["anonymous_id:1", "user_id:7", "email:a@x.org"])


def test_two_accounts_on_one_device_stay_two_people_and_the_device_is_with_the_first():
    groups = Groups()
    groups.link(["user_id:A", "anonymous_id:X"], 10)
    groups.link(["user_id:B", "anonymous_id:X"], 20)
    assert [{"user_id:A", "anonymous_id:X"}, {"user_id:B"}] == groups.all()
    assert {"anonymous_id:X": {"user_id:B": 20}} == groups.shared


def test_events_that_carry_several_identifiers_join_them_in_any_order():
    links = [["user_id:A", "anonymous_id:X"], ["anonymous_id:X", "email:a@x.org"], ["email:a@x.org", "shopify:1"]]
    for order in itertools.permutations(links):
        groups = Groups()
        for link in order:
            groups.link(link, 1)
        assert 1 == len(groups.all())
