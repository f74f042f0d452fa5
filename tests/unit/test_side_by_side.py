"""People are worked on side by side: who fails takes nobody along, what is counted is counted, and time is kept."""

from collections import Counter
from dataclasses import replace
from functools import cache
from threading import Barrier, Lock
from time import sleep
from typing import Any

import pytest

from functions.adapters import clients
from functions.adapters.dynamodb import calls, counters
from functions.adapters.dynamodb.calls import Calls
from functions.adapters.dynamodb.counters import DynamoCounters
from functions.core.base.errors import Throttled, is_outage
from functions.core.definitions.ruleset import Ruleset, load
from functions.usecases import side_by_side
from functions.usecases.context import Context
from functions.usecases.side_by_side import LANES, NoTimeLeft
from tests.fakes import FakePorts

NONE = load(())


def context(lanes: int, **more: Any) -> Context:
    changed: dict[str, Any] = {"lanes": lanes, "load_ruleset": lambda: NONE, **more}
    return replace(FakePorts().at(0), **changed)


def test_as_many_are_under_way_as_there_are_lanes() -> None:
    meeting = Barrier(LANES, timeout=20)

    def meet(_: Context, __: int) -> None:
        meeting.wait()

    assert {} == side_by_side.each(context(LANES), range(4 * LANES), meet)


@pytest.mark.parametrize("lanes", [1, 3, LANES])
def test_each_error_is_at_the_place_of_whom_it_struck_and_nobody_else_is_left_out(lanes: int) -> None:
    done: list[int] = []

    def work(_: Context, number: int) -> None:
        if number % 3 == 0:
            raise KeyError(number)
        done.append(number)

    errors = side_by_side.each(context(lanes), range(50), work)
    assert {number: repr(KeyError(number)) for number in range(0, 50, 3)} == {at: repr(e) for at, e in errors.items()}
    assert [number for number in range(50) if number % 3] == sorted(done)


@pytest.mark.parametrize("lanes", [1, LANES])
def test_what_is_counted_beside_each_other_is_all_counted(lanes: int) -> None:
    counted = Counter({"Before": 1})

    def work(each: Context, _: int) -> None:
        for _ in range(1000):
            each.counts["Here"] += 1

    side_by_side.each(context(lanes, counts=counted), range(50), work)
    assert {"Before": 1, "Here": 50_000} == counted


@pytest.mark.parametrize("lanes", [1, LANES])
def test_nobody_is_begun_when_it_is_late_and_all_who_are_not_come_again(lanes: int) -> None:
    begun: list[int] = []
    lock = Lock()

    def work(_: Context, number: int) -> None:
        with lock:
            begun.append(number)

    errors = side_by_side.each(context(lanes, late=lambda: len(begun) >= 5), range(200), work)
    assert 5 <= len(begun) < 5 + lanes
    assert set(range(200)) - set(begun) == errors.keys()
    assert all(isinstance(error, NoTimeLeft) and is_outage(error) for error in errors.values())


def test_all_lanes_have_the_same_definitions() -> None:
    seen: list[object] = []

    # As wiring.context has it: what is loaded first stays, but two threads may both be the first.
    @cache
    def load_slowly() -> Ruleset:
        sleep(0.05)
        return load(())

    shared = context(LANES, load_ruleset=load_slowly)
    assert {} == side_by_side.each(shared, range(100), lambda each, _: seen.append(each.ruleset))
    assert {id(seen[0])} == set(map(id, seen))


def test_definitions_that_cannot_be_loaded_let_everybody_come_again() -> None:
    def refuse() -> Ruleset:
        raise Throttled("get definitions")

    errors = side_by_side.each(context(LANES, load_ruleset=refuse), range(3), lambda each, _: None)
    assert [0, 1, 2] == list(errors)
    assert all(map(is_outage, errors.values()))


def test_the_client_keeps_a_connection_for_every_call_that_may_be_under_way() -> None:
    assert clients.CONNECTIONS >= LANES + calls._LANES + calls._QUERIES


def test_lanes_that_read_several_partitions_each_have_no_more_reads_under_way_than_there_are_connections() -> None:
    under_way, most, lock = 0, 0, Lock()
    client: Any = None
    adapter = Calls(lambda: client, str)
    meeting = Barrier(calls._QUERIES, timeout=20)

    def read(_: int) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        meeting.wait()
        with lock:
            under_way -= 1

    def read_several(_: Context, __: int) -> None:
        adapter.side_by_side(read, range(calls._QUERIES))

    assert {} == side_by_side.each(context(LANES), range(LANES), read_several)
    assert calls._QUERIES == most


def test_what_is_counted_ahead_is_used_once_however_many_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing: Any = None
    monkeypatch.setattr(counters, "_PORTIONS", 1)
    adapter = DynamoCounters(nothing, lambda _: None)
    taken = iter((True, False))
    monkeypatch.setattr(adapter, "_count", lambda *_: next(taken, False))
    admitted = Counter[str]()

    def ask(each: Context, _: int) -> None:
        each.counts[str(adapter.take_cheaply("Public", 1, 200))] += 1

    shared = context(LANES, counts=admitted)
    side_by_side.each(shared, range(1000), ask)
    assert {"True": 200, "False": 800} == admitted
