"""Backfills: recorded once, each lane as far as the furthest who worked on it."""

from dataclasses import replace

from functions.core.definitions.records import Backfill, Lane
from functions.core.ports import Ports

MADE = Backfill(7, "segments/big version 2", began=100, of=2, about=30)


def test_there_is_no_backfill_at_first(ports: Ports) -> None:
    assert 0 == ports.backfills.newest()
    assert [] == ports.backfills.latest(5)
    assert Lane(1) == ports.backfills.lane(7, 1)


def test_a_backfill_is_recorded_once(ports: Ports) -> None:
    ports.backfills.begin(MADE)
    ports.backfills.begin(replace(MADE, began=200, cause="another"))
    assert [MADE] == ports.backfills.latest(5)
    assert 7 == ports.backfills.newest()


def test_a_lane_is_as_far_as_it_was_recorded_and_a_backfill_is_finished_with_its_last_lane(ports: Ports) -> None:
    ports.backfills.begin(MADE)
    first = Lane(0).after(4, "there", 110)
    assert first == ports.backfills.go_on(7, first) == ports.backfills.lane(7, 0)
    done = first.after(3, None, 120)
    assert done == ports.backfills.go_on(7, done)
    (told,) = ports.backfills.latest(1)
    assert (MADE.cause, (done,), 7, 1, None) == (told.cause, told.lanes, told.seen, told.done, told.finished)
    ports.backfills.go_on(7, Lane(1).after(0, None, 115))
    (told,) = ports.backfills.latest(1)
    assert (7, 2, 120) == (told.seen, told.done, told.finished)


def test_whoever_is_behind_is_told_how_far_the_lane_is_and_changes_nothing(ports: Ports) -> None:
    first = Lane(0).after(4, "a", 110)
    second = first.after(4, "b", 120)
    ports.backfills.go_on(7, second)
    assert second == ports.backfills.go_on(7, first)
    assert second == ports.backfills.go_on(7, replace(second, seen=9))
    assert second == ports.backfills.lane(7, 0)
    assert Lane(0) == ports.backfills.lane(8, 0)


def test_the_latest_come_first_whatever_lanes_they_have(ports: Ports) -> None:
    for revision in (2, 10, 9):
        ports.backfills.begin(replace(MADE, revision=revision))
        for lane in range(12):
            ports.backfills.go_on(revision, Lane(lane).after(1, None, 120))
    assert [10, 9] == [each.revision for each in ports.backfills.latest(2)]
    assert [12, 12, 12] == [each.seen for each in ports.backfills.latest(5)]
    assert 10 == ports.backfills.newest()


def test_lanes_of_a_backfill_that_nobody_recorded_are_no_backfill(ports: Ports) -> None:
    ports.backfills.begin(MADE)
    ports.backfills.go_on(8, Lane(0).after(1, None, 120))
    assert [MADE] == ports.backfills.latest(5)
