"""Flow runs: started once, saved on their version, woken when due."""

from dataclasses import replace

import pytest

from functions.core.base.errors import Conflict
from functions.core.flows.records import Due, Run
from functions.core.ports import Ports

RUN = Run("p1", "cart-recovery", "c1", since=10, started=11, due=60)


def all_due(ports: Ports, before: int) -> list[Due]:
    return [row for shard in range(4) for row in ports.runs.due(shard, before)]


def test_a_run_starts_once(ports: Ports) -> None:
    assert ports.runs.start(RUN)
    assert not ports.runs.start(replace(RUN, since=99))
    assert replace(RUN, version=1) == ports.runs.get("p1", RUN.id)
    assert ports.runs.get("p1", "cart-recovery#c2") is None


def test_a_run_is_saved_on_its_version(ports: Ports) -> None:
    ports.runs.start(RUN)
    ended = replace(RUN, step="second", due=None, outcome="goal", version=1)
    ports.runs.save(ended)
    assert replace(ended, version=2) == ports.runs.get("p1", RUN.id)
    for stale in (0, 1, 3):
        with pytest.raises(Conflict):
            ports.runs.save(replace(RUN, version=stale))


def test_the_runs_of_a_profile_are_found_by_flow(ports: Ports) -> None:
    several = [RUN, replace(RUN, entry="c2"), replace(RUN, flow="cart-recovery-2"), replace(RUN, profile="p2")]
    for run in several:
        ports.runs.start(run)
    assert ["c1", "c2"] == [run.entry for run in ports.runs.of("p1", "cart-recovery")]
    assert 3 == len(ports.runs.of("p1"))
    assert [] == ports.runs.of("p3")


def test_runs_are_due_before_the_instant_until_they_end(ports: Ports) -> None:
    ports.runs.start(RUN)
    ports.runs.start(replace(RUN, profile="p2", due=100))
    assert [] == all_due(ports, 60)
    assert [Due("p1", RUN.id, 60)] == all_due(ports, 61)
    ports.runs.save(replace(RUN, due=None, outcome="sent", version=1))
    assert [Due("p2", RUN.id, 100)] == all_due(ports, 1000)


def test_forgetting_a_profile_deletes_its_runs_only(ports: Ports) -> None:
    for entry in range(30):
        ports.runs.start(replace(RUN, entry=str(entry)))
    ports.runs.start(replace(RUN, profile="p2"))
    ports.runs.forget("p1", [replace(RUN, entry=str(entry)).id for entry in range(29)] + ["welcome#none"])
    assert ["29"] == [run.entry for run in ports.runs.of("p1")]
    ports.runs.forget("p1")
    assert [] == ports.runs.of("p1")
    assert 1 == len(ports.runs.of("p2"))


def test_runs_that_wait_for_their_flow_are_found_by_it_and_by_no_tick(ports: Ports) -> None:
    ports.runs.start(RUN)
    ports.runs.start(replace(RUN, flow="other"))
    waiting = replace(RUN, step="first", paused=True, version=1)
    ports.runs.save(waiting)
    assert replace(waiting, version=2) == ports.runs.get("p1", RUN.id)
    assert [("p1", RUN.id)] == ports.runs.paused("cart-recovery", 10)
    assert [] == ports.runs.paused("other", 10)
    assert [Due("p1", "other#c1", 60)] == all_due(ports, 1 << 61)
    ports.runs.save(replace(RUN, version=2))
    assert ([], 2) == (ports.runs.paused("cart-recovery", 10), len(all_due(ports, 61)))


def test_no_more_waiting_runs_are_read_than_asked_for(ports: Ports) -> None:
    for entry in range(5):
        ports.runs.start(replace(RUN, entry=str(entry), paused=True))
    assert 3 == len(ports.runs.paused("cart-recovery", 3))


def test_pages_hold_everybodys_runs_under_way_once_and_can_be_resumed(ports: Ports) -> None:
    under_way = [replace(RUN, profile=f"p{number}", entry=str(entry)) for number in range(8) for entry in range(2)]
    for run in (*under_way, replace(RUN, profile="p1", entry="over", due=None, outcome="sent")):
        ports.runs.start(run)
    ports.runs.save(replace(under_way[0], paused=True, version=1))
    expected = sorted((run.profile, run.id) for run in under_way)
    seen = [run for lane in range(3) for run in _lane(ports, lane)]
    assert expected == sorted((run.profile, run.id) for run in seen)
    assert ["p0"] == [run.profile for run in seen if run.paused]
    assert expected == sorted((run.profile, run.id) for page, _ in ports.runs.pages(size=4) for run in page)


def _lane(ports: Ports, lane: int) -> list[Run]:
    """The runs of a lane, each page read anew from where the one before has ended."""
    start, seen = None, list[Run]()
    while True:
        page, start = next(iter(ports.runs.pages(start, size=3, lane=lane, of=3)))
        assert len(page) <= 3
        seen += page
        if start is None:
            return seen
