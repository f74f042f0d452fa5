"""The bill: sizes and units on numbers that DynamoDB's documentation gives or that its rules make plain."""

import base64
import os
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from bench.units import Meter, item_size, item_write_units, number_size, read_units, write_units
from functions.adapters.clients import Clients
from functions.core.base.errors import Conflict
from functions.core.base.events import Event
from functions.core.profiles.records import Pointer, StoredState
from functions.topology import TABLES
from functions.wiring import Wiring
from local.aws.resources import create

PROFILES = next(table for table in TABLES if table.name == "profiles")
EVENT = Event("E", 1, 2, ("email:a@x.org",), "2026-11-21T10:00:00.000Z#m", "csv")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("0", 1),
        ("1", 2),
        ("27", 2),
        ("-27", 3),
        ("461", 3),
        ("461000", 3),
        ("1000", 2),
        ("1795288385", 6),
        ("0.5", 2),
        ("12.50", 3),
        ("1E+20", 2),
        ("12345678901234567890123456789012345678", 20),
    ],
)
def test_a_number_takes_a_byte_for_two_digits_and_one_more(text: str, size: int) -> None:
    assert size == number_size(text)


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({}, 0),
        ({"shirt-color": {"S": "R"}}, 12),
        ({"é": {"S": "€"}}, 5),
        ({"b": {"B": b"\x00" * 10}}, 11),
        ({"b": {"B": base64.b64encode(b"\x00" * 10).decode()}}, 11),
        ({"a": {"NULL": True}, "b": {"BOOL": False}}, 4),
        ({"l": {"L": []}, "m": {"M": {}}}, 8),
        ({"l": {"L": [{"S": "ab"}, {"N": "7"}]}}, 1 + 3 + (1 + 2) + (1 + 2)),
        ({"m": {"M": {"key": {"S": "ab"}}}}, 1 + 3 + (1 + 3 + 2)),
        ({"s": {"SS": ["ab", "c"]}, "n": {"NS": ["1", "22"]}}, 1 + 3 + 1 + 4),
    ],
)
def test_an_item_is_as_large_as_its_names_and_values(item: dict, size: int) -> None:
    assert size == item_size(item)


@pytest.mark.parametrize(
    ("size", "eventual", "strong"), [(0, 0.5, 1), (1, 0.5, 1), (4096, 0.5, 1), (4097, 1, 2), (9000, 1.5, 3)]
)
def test_reading_is_billed_by_four_kilobytes(size: int, eventual: float, strong: float) -> None:
    assert (eventual, strong) == (read_units(size, consistent=False), read_units(size, consistent=True))


@pytest.mark.parametrize(("size", "units"), [(0, 1), (1024, 1), (1025, 2), (3500, 4)])
def test_writing_is_billed_by_the_kilobyte(size: int, units: float) -> None:
    assert units == write_units(size)


def state(due: int | None = None, packed: int = 100) -> dict:
    index = {} if due is None else {"shard": {"S": "1"}, "due": {"N": str(due)}}
    return {"pk": {"S": "p1"}, "part": {"S": "state"}, "s": {"B": b"x" * packed}, **index}


@pytest.mark.parametrize(
    ("before", "after", "units"),
    [
        (None, state(), 1),
        (None, state(due=5), 2),
        (state(due=5), state(due=5, packed=90), 1),
        (state(due=5), state(due=4), 3),
        (state(due=5), state(), 2),
        (state(due=5), None, 2),
        (state(packed=3000), state(), 3),
        (None, None, 1),
    ],
    ids=["new", "new and due", "same due", "earlier due", "due no more", "deleted", "shrunk", "nothing there"],
)
def test_an_index_is_billed_only_when_its_keys_change(before: dict, after: dict, units: float) -> None:
    assert units == item_write_units(PROFILES, before, after)


@pytest.fixture
def metered(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Wiring, Meter]]:
    monkeypatch.setitem(os.environ, "AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        plain, watched = Clients(), Clients(boto3.Session())
        environment = create(plain.get)
        meter = Meter(watched.session, plain.get("dynamodb"))
        yield Wiring(environment, watched), meter


def test_the_meter_counts_what_an_event_costs(metered: tuple[Wiring, Meter]) -> None:
    ports, meter = metered
    ports.log.append([EVENT])
    assert ({"log": 1}, 1) == (meter.writes, meter.round_trips)
    ports.people.load(["email:a@x.org"], ["p1"])
    assert {"identifiers": 0.5, "profiles": 0.5} == meter.reads
    ports.people.save_state(StoredState("p1", due=9))
    ports.people.save_state(StoredState("p1", due=9, version=1))
    ports.people.save_state(StoredState("p1", due=8, version=2))
    assert 2 + 1 + 3 == meter.writes["profiles"]
    assert 5 == meter.round_trips
    assert {("dynamodb", "PutItem"): 4, ("dynamodb", "BatchGetItem"): 1} == meter.calls


def test_the_meter_counts_failed_conditions_batches_and_queries(metered: tuple[Wiring, Meter]) -> None:
    ports, meter = metered
    ports.people.save_state(StoredState("p1", b"x" * 2000))
    with pytest.raises(Conflict):
        ports.people.save_state(StoredState("p1"))
    assert 2 + 2 == meter.writes["profiles"]
    ports.people.point([Pointer("user_id:1", "p1", 1, "s"), Pointer("user_id:2", "p1", 1, "s")], moving=True)
    assert (2, 3) == (meter.writes["identifiers"], meter.round_trips)
    meter.clear()
    assert [] == list(ports.log.read("email:a@x.org"))
    assert ({"log": 1}, {}) == (meter.reads, meter.writes)
    assert ports.ledger.get("p1", "c") is None
    assert 1 == meter.reads["messages"]


def test_new_profiles_of_visitors_are_counted_forty_at_a_time_and_no_more_once_the_day_is_full(
    metered: tuple[Wiring, Meter],
) -> None:
    ports, meter = metered
    assert all(ports.counters.take_cheaply("Newcomers", 24, 200_000) for _ in range(400))
    # The first write of all finds that there is no row yet.
    assert 1 + 10 == meter.writes["counters"]
    meter.clear()
    assert [False] * 50 == [ports.counters.take_cheaply("Others", 24, 0) for _ in range(50)]
    assert 0 == meter.round_trips


def test_several_processes_together_count_no_more_ahead_than_the_bound(
    metered: tuple[Wiring, Meter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.adapters.dynamodb.counters._PORTIONS", 3)
    processes = [metered[0].counters, Wiring(metered[0]._environment, metered[0]._clients).counters]
    taken = [process.take_cheaply("Newcomers", 24, 11) for _ in range(20) for process in processes]
    assert 11 == sum(taken)
    assert 10 <= sum(taken[:12])
