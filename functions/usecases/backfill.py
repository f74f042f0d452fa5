"""Bring every profile up to the current definitions: new timelines filled from the log, memberships and timers right.

A backfill goes in lanes side by side, each page by page, and may stop and go on anywhere: how far a lane is stands in
its row, a page done twice changes nothing, and two at work on one lane overtake each other. Whoever is folded meanwhile
is brought up to date by fold itself.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from functions.core.base.tasks import BackfillLane, Dispatch
from functions.core.definitions.records import Backfill
from functions.core.definitions.ruleset import Ruleset
from functions.core.ports import Ports
from functions.core.profiles.records import StoredState
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.conflicts import retry_on_conflict
from functions.usecases.stored_profiles import of_profile

# What a fold, or a page of a backfill, that began with older definitions may still take.
UNDER_WAY = 15


def request(revision: int, cause: str, lanes: int, ports: Ports, now: int) -> None:
    """Record a backfill for the published revision and queue its lanes; asked again, each lane goes on where it is."""
    ports.backfills.begin(Backfill(revision, cause, now, lanes, ports.people.count()))
    ports.queues.send([Dispatch(BackfillLane(revision, lane, lanes)) for lane in range(lanes)])


def begin(task: BackfillLane, max_age: int, ports: Ports) -> None:
    """Queue the task for when nobody folds by older definitions any more: they would undo it for whom they touch."""
    ports.queues.send([Dispatch(replace(task, ready=True), min(900, max_age + UNDER_WAY))])


def backfill(
    task: BackfillLane,
    ports: Ports,
    definitions: Callable[[], Ruleset],
    clock: Callable[[], int],
    late: Callable[[], bool],
) -> int:
    """Go on with a lane until it is done or ``late``, when the rest is queued; return how many profiles were seen.

    A backfill that a newer one has replaced ends at the next page. Each page asks for the definitions anew, since what
    is done by older ones while a newer backfill is at work undoes it.
    """
    seen = 0
    lane = ports.backfills.lane(task.revision, task.lane)
    while lane.finished is None and ports.backfills.newest() <= task.revision:
        stored_states, following = next(iter(ports.people.pages(lane.place, lane=task.lane, of=task.of)))
        now = clock()
        update_all(stored_states, ports, definitions(), now)
        lane = ports.backfills.go_on(task.revision, lane.after(len(stored_states), following, now))
        seen += len(stored_states)
        if lane.finished is None and late():
            ports.queues.send([Dispatch(replace(task, ready=True))])
            break
    return seen


def update_all(stored_states: Iterable[StoredState], ports: Ports, ruleset: Ruleset, now: int) -> None:
    """Evaluate the profiles by the current definitions."""
    for stored_state in stored_states:
        update(stored_state, ports, ruleset, now)


def update(stored_state: StoredState, ports: Ports, ruleset: Ruleset, now: int) -> None:
    """Evaluate one profile by the current definitions and write it if that changes anything."""
    read_already = iter([stored_state])

    def update_once() -> None:
        found = next(read_already, None) or of_profile(ports.people, stored_state.profile).states.get(
            stored_state.profile
        )
        if found is not None and not found.merged_into:
            _update_once(found, ports, ruleset, now)

    retry_on_conflict(update_once, "backfill", "the profile keeps changing")


def _update_once(stored_state: StoredState, ports: Ports, ruleset: Ruleset, now: int) -> None:
    state, catalogue = ruleset.state(stored_state), ruleset.catalogue
    attributes = None
    if engine.missing(state, catalogue):
        attributes = of_profile(ports.people, stored_state.profile).attributes.get(stored_state.profile)
    state = person.complete(state, attributes, stored_state, (), ports.log, ruleset, now)
    person.save_state(stored_state, engine.advance(state, catalogue, now), ports, ruleset, now)
