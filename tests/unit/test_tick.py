"""A tick queues what falls due soon for its second, and hands over what is too much for one invocation."""

from collections.abc import Callable, Sequence
from itertools import count

import pytest

from functions.core.base.errors import Conflict, Throttled, Unavailable
from functions.core.base.tasks import Dispatch, RefusedDispatch, Task
from functions.core.base.tasks.steps import AdvanceRun
from functions.core.base.tasks.ticks import QueueShard
from functions.core.base.tasks.wakes import WakeProfile
from functions.core.flows.due_windows import AGES, LOOKAHEAD, MINUTE, SOON, Progress
from functions.core.flows.records import Due, DueWindow, Run
from functions.core.profiles.records import StoredState
from functions.settings import read
from functions.usecases.tick import FIRST, GROUP, PAGE, PAUSE, REFUSED, SWEPT, TRIES, put_off, queue_shard, tick
from tests.fakes import FakePorts
from tests.fakes.people import FakePeople
from tests.fakes.queues import FakeQueues
from tests.fakes.runs import FakeRuns

NOW = 1_900_000_000
UNTIL = NOW + LOOKAHEAD


def ports(profiles: dict[str, int], runs: dict[str, int], shards: int = 1) -> FakePorts:
    """Profiles and runs by id, each with when it falls due."""
    made = FakePorts(people=FakePeople(shards), runs=FakeRuns(shards), settings=read({"DUE_SHARDS": str(shards)}))
    for profile, due in profiles.items():
        made.people.save_state(StoredState(profile, due=due))
    for profile, due in runs.items():
        made.runs.start(Run(profile, "f", "1", NOW, NOW, due=due))
    return made


def many(number: int, due: int = NOW) -> dict[str, int]:
    """So many profiles that are due at once."""
    return {f"p{place:05}": due for place in range(number)}


def never() -> bool:
    return False


def ticked(shop: FakePorts, now: int = NOW, late: Callable[[], bool] = never) -> int:
    return tick(shop.at(now), lambda: now, late)


def tasks(shop: FakePorts, kind: type[Task]) -> list[Task]:
    return [each.task for each in shop.queues.sent if isinstance(each.task, kind)]


def queued(shop: FakePorts) -> list[str]:
    """The profiles of all tasks that were queued."""
    return [task.profile for each in shop.queues.sent if isinstance(task := each.task, WakeProfile | AdvanceRun)]


def finished(shop: FakePorts, late: Callable[[], bool] = never, now: int = NOW) -> int:
    """Do what was handed over, and what that hands over, to the end; return in how many invocations."""
    for number in count():
        waiting = shop.queues.of("ticks")
        if not waiting:
            return number
        shop.queues.sent.remove(waiting[0])
        task = waiting[0].task
        assert isinstance(task, QueueShard)
        queue_shard(shop.at(now), task, lambda: now, late)
    raise AssertionError


class Refusing(FakeQueues):
    """Queues that do not take some of what they are offered."""

    def __init__(self, refuses: Callable[[Dispatch], bool], *, useless: bool = False) -> None:
        super().__init__()
        self.refuses = refuses
        self._useless = useless

    def offer(self, dispatches: Sequence[Dispatch]) -> list[RefusedDispatch]:
        self.send([each for each in dispatches if not self.refuses(each)])
        return [RefusedDispatch(each, "Busy", self._useless) for each in dispatches if self.refuses(each)]


def test_what_is_overdue_or_due_soon_is_queued_for_its_second_and_nothing_else() -> None:
    profiles = {"a": NOW - 9, "b": NOW, "c": UNTIL - 1, "d": UNTIL}
    shop = ports(profiles, {"e": NOW + 1, "f": UNTIL})
    assert 4 == ticked(shop)
    assert {
        (WakeProfile("a", NOW - 9), 0),
        (WakeProfile("b", NOW), 0),
        (WakeProfile("c", UNTIL - 1), LOOKAHEAD - 1),
        (AdvanceRun("e", "f#1", NOW + 1), 1),
    } == {(each.task, each.delay) for each in shop.queues.sent}


def test_every_shard_is_looked_at_once() -> None:
    people, runs = {f"p{number}": NOW for number in range(40)}, {f"r{number}": NOW for number in range(30)}
    shop = ports(people, runs, shards=4)
    assert 70 == ticked(shop)
    assert sorted([*people, *runs]) == sorted(queued(shop))


def test_a_tick_goes_on_where_the_last_one_ended() -> None:
    shop = ports({"a": NOW, "b": UNTIL + 59, "c": UNTIL + 60}, {})
    assert 1 == ticked(shop)
    assert 1 == ticked(shop, NOW + 60)
    assert 0 == ticked(shop, NOW + 60)
    assert 1 == ticked(shop, NOW + 120)
    assert ["a", "b", "c"] == queued(shop)


def test_steps_are_queued_before_profiles_also_where_they_are_handed_over() -> None:
    shop = ports(many(FIRST + 1), {f"r{place:03}": NOW for place in range(FIRST + 1)})
    ticked(shop)
    runs, profiles = [AdvanceRun] * FIRST, [WakeProfile] * FIRST
    assert [*runs, QueueShard, *profiles, QueueShard] == [type(each.task) for each in shop.queues.sent]
    assert ["runs", "profiles"] == [task.table for task in tasks(shop, QueueShard) if isinstance(task, QueueShard)]


def test_a_shard_with_more_rows_than_a_tick_queues_is_handed_over_from_there_and_done_page_by_page() -> None:
    number = FIRST + 3 * PAGE + 7
    shop = ports(many(number), {})
    assert FIRST == ticked(shop)
    last = f"p{FIRST - 1:05}"
    assert [QueueShard("profiles", 0, 0, UNTIL, last, "state", NOW)] == tasks(shop, QueueShard)
    assert 1 == finished(shop)
    assert sorted(many(number)) == sorted(queued(shop))


def test_an_invocation_that_is_late_stops_and_the_next_one_goes_on_where_it_was() -> None:
    number = FIRST + 3 * PAGE + 7
    shop = ports(many(number), {})
    ticked(shop)
    assert 4 == finished(shop, late=lambda: True)
    assert sorted(many(number)) == sorted(queued(shop))


def test_no_page_is_larger_than_what_fits_in_memory() -> None:
    seen: list[int] = []

    class Pages(FakePeople):
        def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
            seen.append(len(page := super().due_page(window, after, limit)))
            return page

    shop = ports(many(2000), {})
    shop.people.__class__ = Pages
    ticked(shop)
    finished(shop)
    assert PAGE == max(seen)


def test_a_tick_that_is_late_hands_over_every_shard_unread_and_the_next_one_does_not_read_them_again() -> None:
    shop = ports(many(40), {}, shards=2 * GROUP)
    looks = iter([False, False, False, True])
    ticked(shop, late=lambda: next(looks))
    assert GROUP == len(tasks(shop, QueueShard))
    assert finished(shop)
    assert sorted(many(40)) == sorted(queued(shop))
    assert 0 == ticked(shop, NOW + 60)


def test_the_delay_is_counted_from_when_a_row_is_queued_and_not_from_when_the_tick_began() -> None:
    shop = ports({"a": NOW + 50}, {})
    tick(shop.at(NOW), lambda: NOW + 20, never)
    assert [30] == [each.delay for each in shop.queues.sent]


def test_of_two_ticks_at_once_both_queue_what_they_read_and_one_is_remembered() -> None:
    class Twice(FakePeople):
        def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
            shop.people.__class__ = FakePeople
            ticked(shop)
            return self.due_pages(windows, limit)

    shop = ports({"a": NOW}, {})
    shop.people.__class__ = Twice
    assert 1 == ticked(shop)
    assert ["a", "a"] == queued(shop)
    assert 1 == shop.ticks.read().version


def test_a_tick_that_fails_remembers_nothing_and_the_next_one_does_its_work() -> None:
    class Down(FakeQueues):
        def send(self, dispatches: Sequence[Dispatch]) -> None:
            if dispatches:
                raise Unavailable("send")

        def offer(self, dispatches: Sequence[Dispatch]) -> list[RefusedDispatch]:
            return [RefusedDispatch(each, "Down") for each in dispatches]

    shop = ports({"a": NOW}, {})
    shop.queues = Down()
    with pytest.raises(Unavailable):
        ticked(shop)
    assert Progress() == shop.ticks.read()
    shop.queues = FakeQueues()
    assert 1 == ticked(shop, NOW + 60)


def test_a_shard_that_cannot_be_read_is_handed_over_and_does_not_keep_back_the_others() -> None:
    class Throttling(FakePeople):
        def due_pages(self, windows: Sequence[DueWindow], limit: int) -> list[list[Due] | None]:
            return [None if window.shard == 1 else self.due_page(window, None, limit) for window in windows]

    shop = ports(many(40), {}, shards=4)
    shop.people.__class__ = Throttling
    ticked(shop)
    assert [QueueShard("profiles", 1, 0, UNTIL)] == tasks(shop, QueueShard)
    finished(shop)
    assert sorted(many(40)) == sorted(queued(shop))


def test_a_shard_of_which_half_was_refused_is_handed_over_from_its_beginning() -> None:
    shop = ports(many(10), {})
    shop.queues = queues = Refusing(lambda each: int(str(each.task.profile)[1:]) % 2 == 1)  # type: ignore[attr-defined]
    assert 5 == ticked(shop)
    assert [QueueShard("profiles", 0, 0, UNTIL)] == tasks(shop, QueueShard)
    queues.refuses = lambda _: False
    finished(shop)
    assert set(many(10)) == {*queued(shop)}


def test_a_page_that_is_refused_is_offered_again_after_a_pause_and_what_was_taken_before_it_is_not() -> None:
    shop = ports(many(FIRST + 2 * PAGE), {})
    ticked(shop)
    last = f"p{FIRST + PAGE - 1:05}"
    shop.queues = queues = Refusing(lambda each: str(each.task.profile) > last)  # type: ignore[attr-defined]
    assert PAGE == queue_shard(
        shop.at(NOW), QueueShard("profiles", 0, 0, UNTIL, f"p{FIRST - 1:05}", "state", NOW), lambda: NOW, never
    )
    (left,) = queues.of("ticks")
    assert Dispatch(QueueShard("profiles", 0, 0, UNTIL, last, "state", NOW, tries=1), PAUSE) == left


def test_a_page_that_is_refused_again_and_again_is_given_up_to_the_dead_letters() -> None:
    shop = ports(many(3), {})
    shop.queues = queues = Refusing(lambda _: True)
    task = QueueShard("profiles", 0, 0, UNTIL, tries=TRIES - 1)
    queue_shard(shop.at(NOW), task, lambda: NOW, never)
    (left,) = queues.of("ticks")
    assert isinstance(left.task, QueueShard)
    with pytest.raises(Unavailable):
        queue_shard(shop.at(NOW), left.task, lambda: NOW, never)


def test_a_row_that_sqs_will_never_take_is_counted_and_keeps_back_nobody() -> None:
    shop = ports(many(3), {})
    shop.queues = Refusing(lambda each: str(each.task.profile) == "p00001", useless=True)  # type: ignore[attr-defined]
    context = shop.at(NOW)
    tick(context, lambda: NOW, never)
    assert (1, ["p00000", "p00002"]) == (context.counts[REFUSED], queued(shop))
    assert 1 == shop.ticks.read().version


def test_an_index_that_cannot_be_read_any_more_is_gone_on_with_later_and_one_that_never_could_is_an_error() -> None:
    class Once(FakePeople):
        def due_page(self, window: DueWindow, after: Due | None, limit: int) -> list[Due]:
            if after:
                raise Throttled("query")
            return super().due_page(window, after, limit)

    shop = ports(many(PAGE + 1), {})
    shop.people.__class__ = Once
    whole = QueueShard("profiles", 0, 0, UNTIL)
    assert PAGE == queue_shard(shop.at(NOW), whole, lambda: NOW, never)
    (left,) = shop.queues.of("ticks")
    assert (QueueShard("profiles", 0, 0, UNTIL, f"p{PAGE - 1:05}", "state", NOW, tries=1), PAUSE) == (
        left.task,
        left.delay,
    )
    assert isinstance(left.task, QueueShard)
    with pytest.raises(Throttled):
        queue_shard(shop.at(NOW), left.task, lambda: NOW, never)


def test_rows_of_the_number_of_shards_before_are_found_and_those_of_a_new_number_from_the_beginning() -> None:
    """The writers of the other number are still there while a release is deployed, and after a roll-back."""
    shop = ports(many(40), {}, shards=8)
    shop.settings = read({"DUE_SHARDS": "4"})
    ticked(shop)
    shop.settings = read({"DUE_SHARDS": "8"})
    ticked(shop, NOW + 60)
    assert sorted(many(40)) == sorted(queued(shop))
    shop.settings = read({"DUE_SHARDS": "1"})
    late = many(40, NOW + 250)
    for profile, due in late.items():
        shop.people.save_state(StoredState(f"late-{profile}", due=due))
    assert 40 == ticked(shop, NOW + 120)


def test_what_nobody_processed_is_queued_again_by_a_sweep_a_page_a_minute() -> None:
    number = FIRST + 2 * PAGE + 1
    shop = ports({}, {})
    ticked(shop)
    for profile, due in many(number, NOW + LOOKAHEAD).items():
        shop.people.save_state(StoredState(profile, due=due))
    swept = NOW + LOOKAHEAD + AGES[0] * 3 // 2
    shop.ticks.progress = shop.ticks.progress._replace(
        ends=(swept + LOOKAHEAD - MINUTE, NOW, *[swept] * (len(AGES) - 1)), resumed=0
    )
    context = shop.at(swept)
    assert FIRST == tick(context, lambda: swept, never)
    assert FIRST == context.counts[SWEPT]
    (left,) = shop.queues.of("ticks")
    assert (MINUTE, True) == (left.delay, left.task.sweep)  # type: ignore[attr-defined]
    assert 3 == finished(shop, now=swept)
    assert sorted(many(number)) == sorted(queued(shop))


@pytest.mark.parametrize("task", [WakeProfile("p", NOW + 7), AdvanceRun("p", "f#1", NOW + 7)])
def test_a_task_that_comes_before_its_second_is_put_off_until_then(task: WakeProfile | AdvanceRun) -> None:
    """As when the clock of the tick was ahead."""
    shop = ports({}, {})
    assert put_off(shop.at(NOW), task)
    assert [Dispatch(task, 7)] == shop.queues.sent
    assert not put_off(shop.at(NOW + 7), task)


@pytest.mark.parametrize("due", [None, NOW, NOW - 1, NOW + SOON + 1])
def test_a_task_of_no_second_or_one_that_a_tick_will_find_is_not_put_off(due: int | None) -> None:
    shop = ports({}, {})
    assert not put_off(shop.at(NOW), WakeProfile("p", due))
    assert [] == shop.queues.sent


def test_progress_is_written_on_the_version_that_was_read() -> None:
    shop = ports({}, {})
    shop.ticks.save(Progress())
    with pytest.raises(Conflict):
        shop.ticks.save(Progress())
