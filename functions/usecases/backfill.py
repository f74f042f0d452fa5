"""Evaluate every profile by the current definitions: fill new timelines from the log, correct memberships and timers.

A backfill runs in several lanes in parallel, each page by page. It can stop and resume at any point: the position of a
lane is stored in its row, processing a page twice changes nothing, and two invocations on one lane skip what the other
has done. A person who cannot be brought up to date is put off, in a task of their own, and holds up nobody else.
Profiles that are folded in the meantime are brought up to date by the fold itself.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from functions.core.base.errors import Conflict, is_outage
from functions.core.base.tasks import LONGEST_DELAY, Dispatch
from functions.core.base.tasks.backfills import BackfillLane, BackfillProfile
from functions.core.definitions.records import Backfill
from functions.core.profiles.records import StoredState
from functions.core.segments import engine
from functions.usecases import profile_session, profile_update, side_by_side
from functions.usecases.context import Context
from functions.usecases.profile_session import retry_on_conflict
from functions.usecases.stored_profiles import of_profile

# How long (seconds) a fold, or a page of a backfill, that began with older definitions may still take.
UNDER_WAY = 15
# How long (seconds) a profile waits that somebody else kept changing; and the metric of those that are put off.
PUT_OFF_FOR = 60
PUT_OFF = "BackfillsPutOff"


def request(context: Context, revision: int, cause: str) -> None:
    """Record a backfill for the published revision and queue its lanes; a repeated request resumes each lane."""
    lanes = context.settings.backfill_lanes
    context.ports.backfills.begin(Backfill(revision, cause, context.now, lanes, context.ports.people.count()))
    context.ports.queues.send([Dispatch(BackfillLane(revision, lane, lanes)) for lane in range(lanes)])


def begin(context: Context, task: BackfillLane) -> None:
    """Queue the lane's task with a delay (seconds), until no invocation folds by older definitions any more.

    A fold by older definitions would undo the backfill of the profiles that it writes.
    """
    delay = min(LONGEST_DELAY, context.settings.definitions_max_age + UNDER_WAY)
    context.ports.queues.send([Dispatch(replace(task, ready=True), delay)])


def backfill(contexts: Callable[[], Context], task: BackfillLane, late: Callable[[], bool]) -> int:
    """Process a lane until it is done or ``late()``, then queue the rest; return how many profiles were read.

    A backfill that a newer one has replaced ends at the next page. Each page has a context of its own, because writes
    by older definitions would undo what a newer backfill has done.
    """
    count, context = 0, contexts()
    lane = context.ports.backfills.lane(task.revision, task.lane)
    while lane.finished is None and context.ports.backfills.newest() <= task.revision:
        stored_states, following = next(iter(context.ports.people.pages(lane.place, lane=task.lane, of=task.of)))
        context = contexts()
        update_all(context, stored_states)
        lane = context.ports.backfills.go_on(task.revision, lane.after(len(stored_states), following, context.now))
        count += len(stored_states)
        if lane.finished is None and late():
            context.ports.queues.send([Dispatch(replace(task, ready=True))])
            break
    return count


def update_all(context: Context, stored_states: Sequence[StoredState]) -> None:
    """Evaluate the profiles by the current definitions, and write those that change; put off those that cannot be."""
    errors = side_by_side.each(context, stored_states, update)
    put_off(context, {stored_states[place].profile: error for place, error in errors.items()}, len(stored_states))


def put_off(context: Context, failed: Mapping[str, Exception], of: int) -> None:
    """Queue each of these profiles, of so many, by itself, so that the others need not wait for them.

    Raises an outage, which is about all of them, and what is wrong with all: a program that fails at everybody.
    """
    for error in failed.values():
        if (is_outage(error) and not isinstance(error, Conflict)) or len(failed) == of > 1:
            raise error
    context.ports.queues.send([Dispatch(BackfillProfile(profile), PUT_OFF_FOR) for profile in failed])
    context.counts[PUT_OFF] += len(failed)


def update_one(context: Context, task: BackfillProfile) -> None:
    """Evaluate a profile that was put off; nothing happens if it is gone."""
    if stored_state := of_profile(context, task.profile).states.get(task.profile):
        update(context, stored_state)


def update(context: Context, stored_state: StoredState) -> None:
    """Evaluate one profile by the current definitions and write it if that changes anything; raises Conflict."""
    read_already = iter([stored_state])

    def update_once() -> None:
        current = next(read_already, None) or of_profile(context, stored_state.profile).states.get(stored_state.profile)
        if current is not None and not current.merged_into:
            _update_once(context, current)

    retry_on_conflict(update_once, "backfill", "the profile keeps changing")


def _update_once(context: Context, stored_state: StoredState) -> None:
    state, catalogue = context.ruleset.state(stored_state), context.ruleset.catalogue
    attributes = None
    if engine.missing(state, catalogue):
        attributes = of_profile(context, stored_state.profile).attributes.get(stored_state.profile)
    state = profile_update.complete(context, state, attributes, stored_state, ())
    profile_session.save_state(context, stored_state, engine.advance(state, catalogue, context.now))
