"""A receiver that is away holds nobody up, and is told of everything once it is back."""

import json
from collections.abc import Iterator

import pytest

from local.runtime.deliveries import announcements
from tests.flow.bus import away, refusing
from tests.flow.fault_injection import LEFT
from tests.flow.host import Host, opened
from tests.flow.shop import Person, checkout, customer

ANN = Person(1)


@pytest.fixture
def shop() -> Iterator[Host]:
    with opened() as host:
        assert 200 == host.publish("segments", "left-checkout", LEFT).status
        host.settle()
        yield host


def leave_a_checkout(shop: Host) -> None:
    shop.webhook("customers/create", customer(ANN, consent="subscribed"))
    shop.webhook("checkouts/create", checkout("ch1", ANN, cart="c1"))
    shop.settle()


def heard(shop: Host) -> list[tuple[str, str]]:
    told = [(kind, json.loads(body)["segment"]) for kind, body in announcements(shop.inner.deliveries)]
    return [each for each in told if each[1] == "left-checkout"]


def test_a_bus_that_is_away_holds_no_flow_up_and_is_told_when_it_is_back(shop: Host) -> None:
    leave_a_checkout(shop)
    with refusing(away) as refused:
        shop.clock.advance("2h")
        assert refused
        assert ["sent"] == [row["state"] for row in json.loads(shop.api("GET", "messages").body)["messages"]]
        assert [] == heard(shop)
        assert [] == shop.inner.failures.dead
    shop.clock.advance("6m")
    assert [("Segment Entered", "left-checkout")] == heard(shop)
    assert not any(shop.inner.scheduler.waiting().values())


def test_what_a_bus_never_takes_is_kept_among_the_dead_letters_and_the_alarm_is_theirs(shop: Host) -> None:
    leave_a_checkout(shop)
    with refusing(away):
        shop.clock.advance("4h")
    letters = [json.loads(letter.payload) for letter in shop.inner.failures.dead]
    assert ["left-checkout"] == [each["segment"] for each in letters if each["segment"] == "left-checkout"]
    assert {"queue deliveries"} == {letter.source for letter in shop.inner.failures.dead}


def test_the_local_host_lists_what_was_handed_over_with_the_request_made(shop: Host) -> None:
    leave_a_checkout(shop)
    shop.clock.advance("1h")
    (row,) = [each for each in shop.local("GET", "deliveries") if "left-checkout" in str(each)]
    (event,) = row["request"]["events"]
    assert ("eventbus", "segue", "segue") == (row["destination"], row["request"]["bus"], row["request"]["source"])
    assert ("Segment Entered", "left-checkout") == (event["kind"], json.loads(event["body"])["segment"])
    assert {"status": 200, "body": "", "refused": {}} == row["answer"]
    assert ANN.email not in json.dumps(row)
