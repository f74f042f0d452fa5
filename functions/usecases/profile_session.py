"""Reads a profile as of now, changes it, and writes it if its version is unchanged; used by every use case.

Each row has a version, and a write succeeds only on the version that was read. Whoever comes second raises Conflict,
and ``retry_on_conflict`` has it read, decide and write again. What changed in between is seen by the second reading,
so no change of another writer is lost and none is made twice.

A profile may lag behind the log by the events that are still on their way. ``current`` reads this unfolded tail from
the partitions of the log and folds it in memory: what is sent is decided by it, and nothing of it is written. Folding
twice changes nothing, so the tail may begin too early but never too late.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple, TypeVar

from functions.core.base.errors import Conflict, SegueError, Undecided
from functions.core.base.events import Event
from functions.core.flows.records import Due
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles import daily
from functions.core.profiles.bounds import within_row
from functions.core.profiles.daily import Day
from functions.core.profiles.records import ProfileAttributes, StoredState
from functions.core.profiles.resolution import named_by
from functions.core.profiles.state import State, pack
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import links, profile_update, tick, unfolded_tail
from functions.usecases.context import Context
from functions.usecases.profile_update import SKEW, ProfileUpdate
from functions.usecases.stored_profiles import of_profile

T = TypeVar("T")

# Two writers of one profile: the second of six attempts succeeds unless there are many, and then a queue's retry helps
# more than another read.
ATTEMPTS = 6
# How old, by its sender's clock, an event may be that is still on its way to the profile (seconds).
LAG = 30 * 86_400
# The metric of states that kept too much for their row, each time that they keep half of it from then on.
STATES_HALVED = "ProfileStatesHalved"


class CurrentPerson(NamedTuple):
    """A person as of now: the living profile's id, attributes and state with the tail folded in, and the tail itself.

    ``unmerged`` is when the first event was received that joins another profile to this one and that nobody has folded
    (seconds UTC); None if there is none.
    """

    profile: str
    attributes: ProfileAttributes
    state: State
    tail: tuple[Event, ...]
    unmerged: int | None = None


def retry_on_conflict(attempt: Callable[[], T], where: str, why: str, also: tuple[type[SegueError], ...] = ()) -> T:
    """What the attempt comes to, which reads anew each time; raises Conflict if it meets one six times.

    ``where`` and ``why`` are what that Conflict says; errors of ``also`` are tried again as well.
    """
    expected: tuple[type[SegueError], ...] = (Conflict, *also)
    for _ in range(ATTEMPTS):
        try:
            return attempt()
        except expected:
            continue
    raise Conflict(where, why)


def current(context: Context, profile: str, since: int) -> CurrentPerson | None:
    """The person as the log knows them at ``now``, with every event from ``since`` on; None if they were erased."""
    stored = of_profile(context, profile)
    living = stored.living(profile)
    if living not in stored.attributes and living not in stored.states:
        return None
    attributes, state = _stored(context, living, stored)
    begin = min(since, context.now - LAG)
    tail = unfolded_tail.read(context, attributes, begin - SKEW)
    division = unfolded_tail.divide(context, attributes, tail, living, stored)
    for other in sorted(division.joining):
        other_attributes, their_state = _stored(context, other, stored)
        attributes = profile_attributes.joined(
            attributes, replace(other_attributes, absorbed=other_attributes.absorbed | {other})
        )
        state = _merged(context, state, their_state, attributes)
    profiles = attributes.absorbed, attributes.parted
    # Under all of these lie messages, for caps, and runs.
    attributes = replace(unfolded_tail.applied(attributes, tail, division), absorbed=profiles[0], parted=profiles[1])
    unmerged = min((each.received for each in tail.events if division.links & set(each.identifiers)), default=None)
    counted = daily.counted(division.own, context.settings.events_per_day)
    state = _applied(context, state, engine.KnownEvents(counted, since=begin), attributes)
    return CurrentPerson(living, attributes, state, division.own, unmerged)


def _applied(context: Context, state: State, tail: engine.KnownEvents, attributes: ProfileAttributes) -> State:
    """The state with the tail; the whole log is read where some of it may be sealed, or an order of long ago."""
    try:
        return engine.apply(state, tail.events, context.ruleset.catalogue, context.now, tail)
    except Undecided:
        whole_history = engine.KnownEvents([*tail.events, *profile_update.history(context, attributes)])
        return engine.apply(state, tail.events, context.ruleset.catalogue, context.now, whole_history)


def _merged(context: Context, state: State, other_state: State, attributes: ProfileAttributes) -> State:
    """The state of both; the log of both is read where an entry of one may be one of the other."""
    try:
        return engine.merge(state, other_state, context.ruleset.catalogue, context.now)
    except Undecided:
        return engine.merge(
            state,
            other_state,
            context.ruleset.catalogue,
            context.now,
            engine.KnownEvents(profile_update.history(context, attributes)),
        )


def _stored(context: Context, profile: str, stored: StoredProfiles) -> tuple[ProfileAttributes, State]:
    stored_state, attributes = stored.state_of(profile), links.looked_at(context, stored.attributes_of(profile))
    if attributes.held:
        held = profile_update.history(context, attributes)
        attributes = profile_attributes.apply(attributes, [named_by(attributes.identifiers, event) for event in held])
    state = profile_update.complete(context, context.ruleset.state(stored_state), attributes, stored_state, ())
    return attributes, engine.advance(state, context.ruleset.catalogue, context.now)


def save(context: Context, update: ProfileUpdate) -> None:
    """Write the person, in the order that survives a crash between any two writes; raises Conflict."""
    if update.pointers:
        context.ports.people.point(update.pointers)
    if update.attributes is not None:
        links.write(context, update.attributes, (each.attributes for each in update.absorbed))
        if update.attributes != update.stored_attributes:
            links.count(context, update.stored_attributes, update.attributes)
            context.ports.people.save_attributes(update.attributes)
    save_state(context, update.stored_state, update.state, update.today)
    for stored_state, _, attributes in update.absorbed:
        absorb(context, stored_state, attributes, update.stored_state.profile)
    if update.moved:
        context.ports.people.point(update.moved, moving=True)


def absorb(context: Context, stored_state: StoredState, attributes: ProfileAttributes, winner: str) -> None:
    """Leave nothing of the profile but the way to the one that it ends in; raises Conflict if somebody wrote it."""
    tombstone = stored_state._replace(packed=b"", due=None, merged_into=winner)
    context.ports.people.absorb(tombstone, within_row(attributes))


def save_state(
    context: Context, stored_state: StoredState, state: State, today: Day | None = None, *, silent: bool = False
) -> StoredState:
    """Write the state if it changed, and queue a wake if it falls due before the next tick; return the stored state.

    ``today``, after the events that the state is new by, is written with it; alone only if there are too many.
    Of a ``silent`` change no flow and no destination hears. Raises Conflict if the profile was written since it was
    read.
    """
    packed = pack(state)
    if not engine.fits(packed):
        before, state = state, engine.thinned(state, context.ruleset.catalogue, context.now)
        context.counts[STATES_HALVED] += state.halvings > before.halvings
        packed = pack(state)
    changed = stored_state._replace(packed=packed, due=stored_due(stored_state.due, state.due, context.now))
    is_new = changed != stored_state or stored_state.version == 0 or bool(today and _stops(stored_state.today, today))
    changed = changed._replace(today=today or stored_state.today)
    if is_new:
        notify = not (silent or context.silent) and context.ruleset.should_notify(
            context.ruleset.state(stored_state), state
        )
        context.ports.people.save_state(changed._replace(notify=notify))
    wake(context, changed)
    return changed._replace(version=stored_state.version + is_new)


def _stops(before: Day, after: Day) -> bool:
    return after.over and after != before


def stored_due(stored: int | None, due: int | None, now: int) -> int | None:
    """The instant to keep in the index: a later one is not written, since waking early does no harm."""
    if stored is not None and stored > now and (due is None or due >= stored):
        return stored
    return due


def wake(context: Context, stored_state: StoredState) -> None:
    """Queue a wake to the second if the profile falls due before the next tick surely sees it."""
    if stored_state.due is not None and stored_state.due <= context.now + tick.SOON:
        context.ports.queues.send([tick.dispatch(Due(stored_state.profile, "state", stored_state.due), context.now)])
