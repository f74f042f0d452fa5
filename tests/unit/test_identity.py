import pytest

from functions.core.base.identity import identifier, primary


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
