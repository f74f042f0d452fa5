"""Merge new events into the profiles of the people they are about, and evaluate the segments that they affect.

Every operation may be repeated: the stream repeats records, and a write that loses against another one is tried again
from what is stored then. The order of writes makes a crash between any two of them harmless:

    pointers of new identifiers (conditionally) -> attributes -> state -> tombstones of the absorbed -> their pointers

A pointer is claimed before the profile is written, so that two folds never create two people for one identifier. What
was absorbed is stored with the winner before its own row becomes a tombstone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from functions.core.base.errors import Conflict, Undecided, is_outage
from functions.core.base.events import Event
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles import daily, held_visitors, joining
from functions.core.profiles.grouping import Groups, order
from functions.core.profiles.joining import TooManyJoin
from functions.core.profiles.resolution import MergePlan, resolve
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import erasure_marks, held_joins, newcomers, profile_session, profile_update, side_by_side
from functions.usecases.context import Context
from functions.usecases.profile_session import retry_on_conflict
from functions.usecases.profile_update import ProfileUpdate
from functions.usecases.repartition import repartition
from functions.usecases.request_confirmations import request_confirmations
from functions.usecases.stored_profiles import read
from functions.usecases.wake import wake

# The metric of events that are too many for their day: they are in the log only.
EVENTS_LEFT_OUT = "EventsLeftOut"


def fold_apart(context: Context, events: Sequence[Event]) -> dict[int, Exception]:
    """Fold the events, and what failed once more where it takes no other event along.

    What fails for no outage is folded by itself; people whom others of the batch kept changing, after these. Returns
    the error of each event that could not be folded, by position.
    """
    failed = fold(context, events)
    changed = [place for place, error in failed.items() if isinstance(error, Conflict)]
    alone = [[place] for place, error in failed.items() if not is_outage(error)]
    for places in [changed, *alone] if changed else alone:
        again = fold(replace(context, lanes=1), [events[place] for place in places])
        for number, place in enumerate(places):
            del failed[place]
            failed |= {place: again[number]} if number in again else {}
    return failed


def fold(context: Context, events: Sequence[Event]) -> dict[int, Exception]:
    """Fold the events, those of several people side by side; return the error of each that could not be folded.

    The errors are by position. Those that nobody expected are returned too: what else is in the batch is folded beside
    them.
    """
    try:
        names = {name for event in events for name in event.identifiers}
        first = read(context, names, with_attributes=any(map(needs_attributes, events)))
        places, refusals = erasure_marks.remaining(context, events, first)
    except Exception as error:
        return dict.fromkeys(range(len(events)), error)
    remaining = [*(events[place] for place in places), *refusals]
    groups = list(connected(remaining, first))

    def fold_group(context: Context, positions: list[int]) -> None:
        group = [remaining[i] for i in positions]
        past = [event for event in group if event.imported]
        if past:
            # By itself and first: what happens now is then new beside it, and the past has told nobody anything.
            _fold_group(replace(context, silent=True), past, first)
        if len(past) < len(group):
            _fold_group(context, [event for event in group if not event.imported], None if past else first)
        request_confirmations(context, group)

    errors = side_by_side.each(context, groups, fold_group)
    return {places[i]: error for place, error in errors.items() for i in groups[place] if i < len(places)}


def connected(events: Sequence[Event], stored: StoredProfiles) -> Iterator[list[int]]:
    """Groups of positions of events that are about one person, by what they name and by what is stored.

    Events that share identifiers or profiles, directly or indirectly, are; public identifiers do not connect.
    """
    groups, public = Groups(), stored.public()
    for event in events:
        names = [name for name in event.identifiers if name not in public] or event.identifiers
        groups.join([*names, *(profile for name in names for profile in stored.profiles_of(name))])
    rows: dict[int, list[int]] = {}
    for position, event in enumerate(events):
        rows.setdefault(groups.of(event), []).append(position)
    yield from rows.values()


def needs_attributes(event: Event) -> bool:
    """True if the event says anything of a person that their attributes hold."""
    return bool(len(event.identifiers) > 1 or event.traits or event.consent or event.suppression)


def _fold_group(context: Context, events: list[Event], first: StoredProfiles | None) -> None:
    names = {name for event in events for name in event.identifiers}
    enough = first is not None and not (_is_unmade(names, first) or _lacks_history(names, first, context.ruleset))
    read_already = iter([first] if first is not None and enough else [])

    def fold_once() -> None:
        if stored := next(read_already, None):
            _fold_once(context, events, stored)
        else:
            _fold_again(context, events, read(context, names, with_attributes=True, fresh=True))

    try:
        # Reading the log needs the attributes, which name the person's partitions; the second attempt reads them.
        retry_on_conflict(fold_once, "fold", "the profile keeps changing", also=(Undecided,))
    except TooManyJoin as crowd:
        _fold_apart(context, events, crowd.names)


def _fold_apart(context: Context, events: list[Event], person: frozenset[str]) -> None:
    """Fold the events one by one, as the first of them may join yet; hold back what one alone still joins."""
    if len(events) > 1:
        for event in sorted(events, key=order):
            _fold_group(context, [event], None)
        return
    event = held_joins.as_logged(context, events[0])
    if names := joining.held_back(event, person):
        event = held_joins.hold_back(context, event, names, context.settings.joins_per_day)
    _fold_group(held_joins.without_bound(context), [event], None)


def _is_unmade(names: set[str], stored: StoredProfiles) -> bool:
    """True if an identifier leads to a profile that is not stored: of a held visitor, or being made at this moment."""
    return any(not stored.state_of(profile).version for name in names for profile in stored.profiles_of(name))


def _lacks_history(names: set[str], stored: StoredProfiles, ruleset: Ruleset) -> bool:
    """True if a profile must be filled from the log, but its attributes, which name its identifiers, were not read."""
    states = {stored.state_of(profile) for name in names for profile in stored.profiles_of(name)}
    unread = [
        stored_state
        for stored_state in states
        if stored_state.version and stored_state.profile not in stored.attributes
    ]
    return any(engine.missing(ruleset.state(stored_state), ruleset.catalogue) for stored_state in unread)


def _fold_again(context: Context, events: list[Event], stored: StoredProfiles) -> None:
    """Fold what was not said of somebody who has been erased since it was first looked at."""
    places, refusals = erasure_marks.remaining(context, events, stored)
    if remaining := [*(events[place] for place in places), *refusals]:
        _fold_once(context, remaining, stored)


def _fold_once(context: Context, events: list[Event], stored: StoredProfiles) -> None:
    if context.silent:
        _evaluate_due(context, events, stored)
    is_public = held_visitors.are_all(events, stored)
    if is_public and not newcomers.admit(context):
        return newcomers.hold(context, events, stored)
    # What is held of somebody lies in the log, as does what decides where order matters.
    plans = None if held_visitors.holders(events, stored) else _plans(context, events, stored)
    if plans is None:
        return repartition(context, events, admitted=int(is_public))
    for plan in [_counted(context, plan, stored) for plan in plans]:
        update, counted = _within_day(context, profile_update.planned(plan, stored, context.ruleset), plan.events)
        profile_session.save(context, profile_update.learn(context, update, counted))
    return None


def _evaluate_due(context: Context, events: list[Event], stored: StoredProfiles) -> None:
    """Evaluate whom time has moved already, so that this is told; raises Conflict, since they are to be read again."""
    profiles = {profile for event in events for name in event.identifiers for profile in stored.profiles_of(name)}
    due = [profile for profile in sorted(profiles) if (at := stored.state_of(profile).due) and at <= context.now]
    for profile in due:
        wake(replace(context, silent=False), profile)
    if due:
        raise Conflict("fold", "time had moved the profile")


def _within_day(
    context: Context, update: ProfileUpdate, events: Sequence[Event]
) -> tuple[ProfileUpdate, Sequence[Event]]:
    """The person with the day counted, and those of the events by which the state changes.

    Who the person is, and what they answer, changes by all of them. Raises Undecided if the attributes are needed, to
    say that some do not count, and were not read.
    """
    before = update.stored_state.today
    kept, today = daily.admit(before, events, context.settings.events_per_day)
    update = update._replace(today=today)
    if len(kept) == len(events):
        return update, events
    if not before.over or before.day != today.day:
        if update.attributes is None:
            raise Undecided
        noted = update.attributes.limits | {daily.LIMIT}
        update = update._replace(attributes=replace(update.attributes, limits=noted))
    context.counts[EVENTS_LEFT_OUT] += len(events) - len(kept)
    return update, kept


def _plans(context: Context, events: list[Event], stored: StoredProfiles) -> list[MergePlan] | None:
    return resolve(events, stored, lambda profile: context.ruleset.state(stored.state_of(profile)).evaluated)


def _counted(context: Context, plan: MergePlan, stored: StoredProfiles) -> MergePlan:
    """The plan with what joins the person counted; raises TooManyJoin."""
    if plan.attributes is None:
        return plan
    parts = [stored.attributes_of(profile) for profile in (plan.profile, *plan.absorbed)]
    joined = newcomers.joined(context, plan.attributes.identifiers, parts, plan.events)
    if joined == plan.attributes.joined:
        return plan
    return plan._replace(attributes=replace(plan.attributes, joined=joined))
