"""What DynamoDB leaves of a batch is asked for again; what it goes on leaving is an error."""

import time
from collections.abc import Callable, Iterator

import pytest

from functions.core.base.errors import Throttled
from functions.core.base.events import Event
from functions.core.ports import Ports
from functions.core.profiles.records import Pointer, StoredState
from tests.aws import Aws

NAMES = [f"user_id:{n}" for n in range(40)]


@pytest.fixture
def leave(place: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """Have an operation leave work over for so many answers; the pauses in between are not waited for."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    events = place.clients.get("dynamodb").meta.events
    made = []

    def start(operation: str, handler: Callable) -> None:
        events.register(f"before-call.dynamodb.{operation}", handler)
        made.append((f"before-call.dynamodb.{operation}", handler))

    yield start
    for name, handler in made:
        events.unregister(name, handler)


def untouched(times: int, key: str, leftover: dict, seen: list) -> Callable:
    """Answers ``times`` calls with everything left over."""

    def answer(**_: object) -> tuple | None:
        seen.append(1)
        if len(seen) > times:
            return None
        return type("Answer", (), {"status_code": 200})(), {"Responses": {}, key: leftover}

    return answer


def test_reads_that_were_left_over_are_made_again(ports: Ports, environment: dict[str, str], leave: Callable) -> None:
    ports.people.save_state(StoredState("p1", b"a"))
    seen: list[int] = []
    key = {"pk": {"S": "p1"}, "part": {"S": "state"}}
    leave("BatchGetItem", untouched(2, "UnprocessedKeys", {environment["TABLE_PROFILES"]: {"Keys": [key]}}, seen))
    assert {"p1": StoredState("p1", b"a", version=1)} == ports.people.load([], ["p1"])[1]
    assert 3 == len(seen)


def test_writes_that_were_left_over_are_made_again(ports: Ports, environment: dict[str, str], leave: Callable) -> None:
    seen: list[int] = []
    item = {"pk": {"S": "user_id:1"}, "p": {"S": "p1"}, "f": {"N": "1"}, "s": {"S": "s"}}
    left = {environment["TABLE_IDENTIFIERS"]: [{"PutRequest": {"Item": item}}]}
    leave("BatchWriteItem", untouched(2, "UnprocessedItems", left, seen))
    ports.people.point([Pointer("user_id:1", "p1", 1, "s")], moving=True)
    assert ["user_id:1"] == list(ports.people.load(["user_id:1"], [], fresh=True)[0])
    assert 3 == len(seen)


def test_what_is_left_over_again_and_again_is_throttling(
    ports: Ports, environment: dict[str, str], leave: Callable
) -> None:
    left = {environment["TABLE_PROFILES"]: {"Keys": [{"pk": {"S": "p1"}, "part": {"S": "state"}}]}}
    leave("BatchGetItem", untouched(100, "UnprocessedKeys", left, []))
    with pytest.raises(Throttled, match="batch_get_item: UnprocessedKeys"):
        ports.people.load([], ["p1"])


def happened(number: int) -> Event:
    sort = f"2026-11-21T10:00:00.000Z#m{number}"
    return Event("Viewed", 1_795_255_200, 1_795_255_200, ("user_id:1",), sort, "test")


def throttle(times: int, seen: list) -> Callable:
    """Refuses the first so many calls, as a partition does that takes more than its thousand writes a second."""

    def answer(**_: object) -> tuple | None:
        seen.append(1)
        if len(seen) > times:
            return None
        error = {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": ""}}
        return type("Answer", (), {"status_code": 400})(), error

    return answer


def test_of_a_batch_whose_key_is_hot_only_what_was_refused_is_written_again(ports: Ports, leave: Callable) -> None:
    events = [happened(number) for number in range(30)]
    seen: list[int] = []
    leave("PutItem", throttle(25, seen))
    assert 30 == ports.log.append(events)
    assert 30 == len(list(ports.log.read(events[0].identifier)))
    assert 55 == len(seen)


def test_a_batch_whose_key_stays_hot_is_throttled_and_can_come_again(ports: Ports, leave: Callable) -> None:
    events = [happened(number) for number in range(30)]
    seen: list[int] = []
    leave("PutItem", throttle(6 * 30, seen))
    with pytest.raises(Throttled):
        ports.log.append(events)
    assert 30 == ports.log.append(events)
    assert 30 == len(list(ports.log.read(events[0].identifier)))


def test_pointers_are_written_in_batches_or_one_by_one_alike(ports: Ports) -> None:
    pointers = [Pointer(name, "p1", 1, "s") for name in NAMES]
    ports.people.point(pointers[:30], moving=True)
    ports.people.point(pointers)
    assert {pointer.identifier: pointer for pointer in pointers} == ports.people.load(NAMES, [], fresh=True)[0]
    ports.people.forget("p1", NAMES)
    assert {} == ports.people.load(NAMES, [], fresh=True)[0]
