"""Of which identifiers of a person with very many the log is read."""

import pytest

from functions.core.profiles.looked_at import MOST_LOOKED_AT, lookable, passed_over
from functions.core.profiles.records import Naming, ProfileAttributes

ADDRESSES = [f"email:a{number:03}@x.org" for number in range(MOST_LOOKED_AT + 1)]
OLDEST = ADDRESSES[0]
TIMES = {name: 10 + number for number, name in enumerate(ADDRESSES)}


def test_an_address_that_can_be_written_to_is_looked_at_however_old_it_is() -> None:
    person = ProfileAttributes("p", identifiers=frozenset(ADDRESSES), since=TIMES)
    assert lookable(person) == {*ADDRESSES} - {OLDEST}
    named = ProfileAttributes("p", identifiers=frozenset(ADDRESSES), since=TIMES, namings={"a000@x.org": Naming(1, 1)})
    assert lookable(named) == {*ADDRESSES} - {ADDRESSES[1]}


@pytest.mark.parametrize("prefix", ["anonymous_id:", "user_id:x:"])
def test_a_device_or_an_account_that_is_called_like_an_address_that_can_be_written_to_is_none(prefix: str) -> None:
    others = [f"{prefix}{name.partition(':')[2]}" for name in ADDRESSES]
    since = {name: 10 + number for number, name in enumerate(others)}
    person = ProfileAttributes("p", identifiers=frozenset(others), since=since, namings={"a000@x.org": Naming(1, 1)})
    assert lookable(person) == {*others[1:]}


def test_an_identifier_whose_beginning_is_not_known_counts_as_older_than_any() -> None:
    last = ADDRESSES[-1]
    person = ProfileAttributes("p", identifiers=frozenset(ADDRESSES), since=dict.fromkeys(ADDRESSES[:-1], 1))
    assert lookable(person) == {*ADDRESSES} - {last}


def test_more_orders_are_looked_at_and_what_is_passed_over_is_told_by_namespace() -> None:
    orders = {f"shopify_order:{number}" for number in range(MOST_LOOKED_AT + 1)}
    person = ProfileAttributes("p", identifiers=frozenset({*ADDRESSES, *orders, "user_id:1"}), since=TIMES)
    assert orders <= lookable(person)
    assert {"email": (MOST_LOOKED_AT, MOST_LOOKED_AT + 1)} == passed_over(person)
