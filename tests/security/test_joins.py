"""One account, device or address under which many people are named does not become one person of them all."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.flow.host import Host, opened
from tests.flow.shop import read


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host on which three addresses and accounts may join a person in a day."""
    monkeypatch.setenv("JOINS_PER_DAY", "3")
    with opened(shipped=False) as host:
        yield host


def identify(host: Host, number: int, **more: Any) -> dict[str, Any]:
    return {"type": "identify", "traits": {"email": f"p{number}@x.org"}, "messageId": f"m{number}", **more}


def names(host: Host, identifier: str) -> set[str]:
    return set((host.profile(identifier) or {"identifiers": []})["identifiers"])


def held(host: Host) -> list[dict[str, Any]]:
    host.settle()
    return read(host.api("GET", "quarantine?limit=1000"))["items"]


@pytest.mark.parametrize("together", [True, False], ids=["in one batch", "one by one"])
@pytest.mark.parametrize("who", [{"userId": "everyone"}, {"anonymousId": "till"}], ids=["account", "device"])
def test_who_names_many_addresses_gets_no_more_of_them_in_a_day_than_the_bound(
    strict: Host, who: dict[str, str], together: bool
) -> None:
    messages = [identify(strict, number, **who) for number in range(12)]
    for batch in [messages] if together else [[message] for message in messages]:
        assert strict.segment("batch", {"batch": batch}).status == 200
        strict.settle()
    people = {frozenset(names(strict, f"email:p{number}@x.org")) for number in range(12)}
    largest = max(people, key=len)
    assert 3 + ("anonymousId" in who) == sum(name.startswith("email:") for name in largest)
    assert 12 == sum(name.startswith("email:") for each in people for name in each)
    assert 12 - 3 - ("anonymousId" in who) == len(people) - 1 == len(held(strict))


def test_what_is_held_back_counts_for_the_address_itself_and_is_shown_by_no_name(strict: Host) -> None:
    for number in range(5):
        message = {**identify(strict, number, userId="everyone"), "event": "Order Completed", "type": "track"}
        message["context"] = {"traits": message["traits"]}
        strict.segment("batch", {"batch": [message]})
        strict.settle()
    own = strict.profile("email:p4@x.org")
    assert own and ["email:p4@x.org"] == own["identifiers"]
    events = read(strict.api("GET", f"profiles/{own['id']}/events"))["events"]
    assert ["Order Completed"] == [event["name"] for event in events]
    shown = held(strict)
    assert ["would join more than 3 addresses and accounts to one person in a day"] * 2 == [
        each["reason"] for each in shown
    ]
    assert "x.org" not in json.dumps(shown)


def test_what_was_held_back_is_counted(strict: Host, capsys: pytest.CaptureFixture[str]) -> None:
    strict.segment("batch", {"batch": [identify(strict, number, userId="everyone") for number in range(3)]})
    strict.settle()
    assert not re.search(r'"JoinsHeld":\[', capsys.readouterr().out)
    strict.segment("batch", {"batch": [identify(strict, number, userId="everyone") for number in range(3, 5)]})
    strict.settle()
    assert re.search(r'"JoinsHeld":\[', capsys.readouterr().out)


def test_a_message_that_is_repeated_days_later_stays_held_back(strict: Host) -> None:
    messages = [identify(strict, number, userId="everyone") for number in range(6)]
    for _ in range(2):
        strict.segment("batch", {"batch": messages})
        strict.clock.advance("3d")
    assert {"email:p5@x.org"} == names(strict, "email:p5@x.org")


def test_the_next_day_others_may_join(strict: Host) -> None:
    strict.segment("batch", {"batch": [identify(strict, number, userId="everyone") for number in range(6)]})
    strict.clock.advance("24h")
    strict.segment("batch", {"batch": [identify(strict, 7, userId="everyone")]})
    assert "email:p7@x.org" in names(strict, "user_id:everyone")


def test_what_was_held_back_is_released_when_it_is_taken_again(strict: Host) -> None:
    strict.segment("batch", {"batch": [identify(strict, number, userId="everyone") for number in range(4)]})
    (item,) = held(strict)
    for _ in range(2):
        answer = strict.api("POST", f"quarantine/{item['source']}/{item['id']}/replay", {})
    assert 404 == answer.status
    assert 5 == len(names(strict, "user_id:everyone"))
    assert [] == held(strict)


def test_accounts_that_the_storefront_merges_are_not_counted(strict: Host) -> None:
    for number in range(1, 7):
        strict.webhook(
            "customers/create", {"id": number, "email": f"c{number}@x.org", "created_at": "2026-01-01T00:00:00Z"}
        )
        merge = {"admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1"}
        merge["admin_graphql_api_customer_deleted_id"] = f"gid://shopify/Customer/{number}"
        merge["status"] = "completed"
        if number > 1:
            strict.webhook("customers/merge", merge)
        strict.settle()
    assert 12 == len(names(strict, "shopify:1"))
    assert [] == held(strict)


def test_a_household_of_five_addresses_is_far_from_the_bound_that_is_set() -> None:
    with opened(shipped=False) as host:
        host.segment("batch", {"batch": [identify(host, number, userId="family") for number in range(5)]})
        assert 6 == len(names(host, "user_id:family"))
        assert [] == held(host)
