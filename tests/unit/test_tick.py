"""The tick queues all that falls due within 75 seconds, in every shard, each for its second."""

from functions.core.base.tasks.steps import AdvanceRun
from functions.core.base.tasks.wakes import WakeProfile
from functions.core.flows.records import Run
from functions.core.profiles.records import StoredState
from functions.settings import read
from functions.usecases.tick import tick
from tests.fakes import FakePorts
from tests.fakes.people import FakePeople
from tests.fakes.runs import FakeRuns

NOW = 1_900_000_000


def ports(profiles: dict[str, int], runs: dict[str, int], shards: int = 1) -> FakePorts:
    """Profiles and runs by id, each with when it falls due."""
    made = FakePorts(people=FakePeople(shards), runs=FakeRuns(shards), settings=read({"DUE_SHARDS": str(shards)}))
    for profile, due in profiles.items():
        made.people.save_state(StoredState(profile, due=due))
    for profile, due in runs.items():
        made.runs.start(Run(profile, "f", "1", NOW, NOW, due=due))
    return made


def queued(shop: FakePorts) -> set[str]:
    """The profiles of all tasks that were queued."""
    return {task.profile for each in shop.queues.sent if isinstance(task := each.task, WakeProfile | AdvanceRun)}


def test_what_is_overdue_or_due_within_75_seconds_is_queued_for_its_second_and_nothing_else() -> None:
    shop = ports({"a": NOW - 9, "b": NOW, "c": NOW + 74, "d": NOW + 75}, {"e": NOW + 1, "f": NOW + 75})
    assert 4 == tick(shop.at(NOW))
    assert {
        (WakeProfile("a", NOW - 9), 0),
        (WakeProfile("b", NOW), 0),
        (WakeProfile("c", NOW + 74), 74),
        (AdvanceRun("e", "f#1", NOW + 1), 1),
    } == {(each.task, each.delay) for each in shop.queues.sent}


def test_every_shard_is_looked_at_once() -> None:
    people, runs = {f"p{number}": NOW for number in range(40)}, {f"r{number}": NOW for number in range(30)}
    shop = ports(people, runs, shards=4)
    assert 70 == tick(shop.at(NOW))
    assert (70, people.keys() | runs.keys()) == (len(shop.queues.sent), queued(shop))


def test_more_than_one_batch_is_queued_whole_and_nothing_due_queues_nothing() -> None:
    shop = ports({f"p{number}": NOW for number in range(250)}, {})
    assert 250 == tick(shop.at(NOW))
    assert 250 == len(queued(shop))
    assert 0 == tick(ports({}, {}).at(NOW))
