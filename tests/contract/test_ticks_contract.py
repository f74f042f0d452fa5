"""What ticks read and write: pages of the due indexes, their progress, and queues that refuse a part."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.core.base.errors import Conflict
from functions.core.base.tasks import Dispatch, RefusedDispatch
from functions.core.base.tasks.steps import AdvanceRun
from functions.core.base.tasks.wakes import WakeProfile
from functions.core.flows.due_windows import Progress
from functions.core.flows.records import Due, DueWindow, Run
from functions.core.ports import People, Ports, Runs
from functions.core.profiles.records import StoredState
from tests.aws import Aws
from tests.contract.outside import SHARDS, Outside

DUES = [70, 50, 60, 50, 80, 50, 90, 50, 50, 60, 40]


def profiles(ports: Ports) -> People:
    for number, due in enumerate(DUES):
        ports.people.save_state(StoredState(f"p{number:02}", due=due))
    return ports.people


def runs(ports: Ports) -> Runs:
    for number, due in enumerate(DUES):
        ports.runs.start(Run(f"p{number:02}", "flow", str(number % 3), since=1, started=1, due=due))
    return ports.runs


@pytest.fixture(params=[profiles, runs], ids=["profiles", "runs"])
def index(request: pytest.FixtureRequest, ports: Ports) -> Runs | People:
    """One of the two indexes, with rows in every shard."""
    found: Runs | People = request.param(ports)
    return found


def read(index: Runs | People, shard: int, since: int, until: int, limit: int) -> list[list[Due]]:
    """The window, page by page."""
    pages, after = [], None
    while True:
        pages.append(index.due_page(DueWindow(shard, since, until), after, limit))
        if len(pages[-1]) < limit:
            return pages
        after = pages[-1][-1]


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
def test_pages_have_each_row_of_the_window_once_earliest_first(index: Runs | People, limit: int) -> None:
    everything = []
    for shard in range(SHARDS):
        rows = [row for page in read(index, shard, 50, 80, limit) for row in page]
        assert [row.due for row in rows] == sorted(row.due for row in rows)
        assert {row for row in index.due(shard, 80) if row.due >= 50} == {*rows}
        everything += rows
    assert len(everything) == len({*everything}) == len([due for due in DUES if 50 <= due < 80])


def test_a_page_begins_behind_a_row_that_is_gone(ports: Ports) -> None:
    people = profiles(ports)
    shard = max(range(SHARDS), key=lambda shard: len([*people.due(shard, 51)]))
    window = DueWindow(shard, 50, 51)
    first, *rest = people.due_page(window, None, 100)
    people.save_state(StoredState(first.profile, version=1))
    assert rest
    assert rest == people.due_page(window, first, 100)


def test_the_first_pages_of_several_windows_are_read_at_once(index: Runs | People) -> None:
    windows = [DueWindow(shard, 0, 100) for shard in range(SHARDS)]
    pages = index.due_pages(windows, 2)
    assert [index.due_page(window, None, 2) for window in windows] == pages
    assert [] == index.due_pages([], 2)
    assert [[]] == index.due_pages([DueWindow(0, 10, 20)], 2)


def test_progress_is_empty_at_first_and_saved_on_its_version(ports: Ports) -> None:
    assert Progress() == ports.ticks.read()
    saved = ports.ticks.save(Progress((70, 40, 0), resumed=3, shards=64))
    assert saved == ports.ticks.read() == Progress((70, 40, 0), 3, 64, version=1)
    again = ports.ticks.save(saved._replace(ends=(80,)))
    assert again == ports.ticks.read()
    for stale in (Progress(), saved):
        with pytest.raises(Conflict):
            ports.ticks.save(stale)


def test_what_is_offered_reaches_its_queue_with_its_delay(ports: Ports, outside: Outside) -> None:
    wakes = {WakeProfile(f"p{number:03}", 9) for number in range(123)}
    later = Dispatch(WakeProfile("later", 9), 60)
    assert [] == ports.queues.offer([*map(Dispatch, wakes), later, Dispatch(AdvanceRun("p1", "flow#1", 9))])
    found = outside.tasks("wakes")
    assert (wakes, 123) == (set(found), len(found))
    assert [AdvanceRun("p1", "flow#1", 9)] == outside.tasks("steps")
    assert [] == ports.queues.offer([])


@contextmanager
def answering(place: Aws, service: str, operation: str, answer: Any) -> Iterator[None]:
    """Have the client answer so, or ask AWS where the answer is None."""
    events = place.clients.get(service).meta.events
    name = f"before-call.{service}.{operation}"
    events.register_first(name, answer)
    try:
        yield
    finally:
        events.unregister(name, answer)


def ok(parsed: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    return type("Response", (), {"status_code": 200})(), parsed


def failed(number: int, *, sender_fault: bool = False) -> dict[str, Any]:
    """An answer that refuses so many of a batch."""
    code = "InvalidMessageContents" if sender_fault else "InternalError"
    return {"Failed": [{"Id": str(n), "Code": code, "SenderFault": sender_fault} for n in range(number)]}


@pytest.mark.parametrize("size", [10, 30])
def test_what_is_refused_of_a_batch_is_offered_again_and_alone(place: Aws, ports: Ports, size: int) -> None:
    offered: list[tuple[str, ...]] = []

    def answer(params: dict[str, Any], **_: Any) -> Any:
        profiles = tuple(re.findall(r"profile\W+(p\d\d)", str(params["body"])))
        offered.append(profiles)
        return ok(failed(5) if len(profiles) == 10 else {})

    names = [f"p{number:02}" for number in range(size)]
    with answering(place, "sqs", "SendMessageBatch", answer):
        assert [] == ports.queues.offer([Dispatch(WakeProfile(name)) for name in names])
    whole = [tuple(names[begin : begin + 10]) for begin in range(0, size, 10)]
    assert sorted([*whole, *(batch[:5] for batch in whole)]) == sorted(offered)


def test_what_is_refused_every_time_is_returned_and_the_rest_is_taken(place: Aws, ports: Ports) -> None:
    calls: list[int] = []

    def answer(**_: Any) -> Any:
        calls.append(1)
        return ok(failed(1))

    dispatches = [Dispatch(WakeProfile(f"p{number}"), number) for number in range(3)]
    with answering(place, "sqs", "SendMessageBatch", answer):
        assert [RefusedDispatch(dispatches[0], "InternalError")] == ports.queues.offer(dispatches)
    assert 3 == len(calls)


def test_what_sqs_will_never_take_is_offered_once(place: Aws, ports: Ports) -> None:
    calls: list[int] = []

    def answer(**_: Any) -> Any:
        calls.append(1)
        return ok(failed(1, sender_fault=True))

    dispatches = [Dispatch(WakeProfile(f"p{number}")) for number in range(3)]
    with answering(place, "sqs", "SendMessageBatch", answer):
        refused = ports.queues.offer(dispatches)
    assert ([RefusedDispatch(dispatches[0], "InvalidMessageContents", useless=True)], 1) == (refused, len(calls))


def test_a_call_that_fails_refuses_its_batch_alone(place: Aws, ports: Ports, outside: Outside) -> None:
    def answer(params: dict[str, Any], **_: Any) -> Any:
        if "p00" in str(params["body"]):
            raise ClientError({"Error": {"Code": "RequestThrottled"}}, "SendMessageBatch")

    dispatches = [Dispatch(WakeProfile(f"p{number:02}")) for number in range(30)]
    with answering(place, "sqs", "SendMessageBatch", answer):
        refused = ports.queues.offer(dispatches)
    assert [RefusedDispatch(each, "RequestThrottled") for each in dispatches[:10]] == refused
    assert 20 == len(outside.tasks("wakes"))


def test_a_window_that_cannot_be_read_is_left_out_and_the_others_are_there(place: Aws, ports: Ports) -> None:
    people = profiles(ports)

    def answer(params: dict[str, Any], **_: Any) -> Any:
        if '":shard": {"S": "1"}' in str(params["body"]).replace("'", '"'):
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "Query")

    windows = [DueWindow(shard, 0, 100) for shard in range(SHARDS)]
    expected = [None if window.shard == 1 else people.due_page(window, None, 9) for window in windows]
    with answering(place, "dynamodb", "Query", answer):
        assert expected == people.due_pages(windows, 9)
