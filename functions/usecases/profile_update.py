"""One person during a fold: assembled from what is stored, then updated with the new events."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

from functions.core.base.errors import Undecided
from functions.core.base.events import Event
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles import daily
from functions.core.profiles.daily import Day
from functions.core.profiles.looked_at import lookable
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState
from functions.core.profiles.resolution import MergePlan
from functions.core.profiles.state import State
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import links
from functions.usecases.context import Context

# How far a sender's clock may lag behind ours: the log is ordered by the sender's time.
SKEW = 3_600


class AbsorbedProfile(NamedTuple):
    """A stored profile that is merged into another one."""

    stored_state: StoredState
    state: State
    attributes: ProfileAttributes


class ProfileUpdate(NamedTuple):
    """A person during a fold, as read and as it is to be written.

    ``absorbed`` are the stored profiles that are merged into this one; ``attributes`` is None if no event changes them;
    ``pointers`` are new, and ``moved`` are those that change their profile; ``today`` counts the person's events.
    """

    stored_state: StoredState
    state: State
    stored_attributes: ProfileAttributes | None
    attributes: ProfileAttributes | None
    pointers: tuple[Pointer, ...] = ()
    absorbed: tuple[AbsorbedProfile, ...] = ()
    moved: tuple[Pointer, ...] = ()
    today: Day = Day()


def planned(plan: MergePlan, stored: StoredProfiles, ruleset: Ruleset) -> ProfileUpdate:
    """Assemble the person of a merge plan from what is stored."""
    stored_state = stored.state_of(plan.profile)
    absorbed = [stored.state_of(profile) for profile in plan.absorbed]
    return ProfileUpdate(
        stored_state=stored_state,
        state=ruleset.state(stored_state),
        stored_attributes=stored.attributes.get(plan.profile),
        attributes=plan.attributes,
        pointers=plan.created,
        absorbed=tuple(
            AbsorbedProfile(profile, ruleset.state(profile), stored.attributes_of(profile.profile))
            for profile in absorbed
        ),
        moved=plan.repointed,
    )


def learn(context: Context, update: ProfileUpdate, events: Sequence[Event]) -> ProfileUpdate:
    """Apply these events to the person's timelines, and bring their memberships up to ``now``.

    The log is read where stored data cannot tell whether an event is new. Raises Undecided if that is needed and the
    attributes, which name the person's partitions of the log, were not read.
    """
    try:
        state = _learned(context, update, events, None)
    except Undecided as undecided:
        if update.stored_state.version and update.stored_attributes is None:
            raise
        state = _decided(context, update, events, undecided.since)
    if context.silent:
        state = engine.unannounced(update.state, state)
    reachable = bool(profile_attributes.addresses(update.attributes)) if update.attributes else update.state.reachable
    return update._replace(state=state if state.reachable == reachable else replace(state, reachable=reachable))


def _decided(context: Context, update: ProfileUpdate, events: Sequence[Event], since: int | None) -> State:
    """The state computed with the log since the instant, or with all of it if that is not enough.

    A storefront reports each order several times within days, for people who may have years of events.
    """
    if since is not None:
        with suppress(Undecided):
            recent = engine.KnownEvents(_log_events(context, update, events, since - SKEW), since=since)
            return _learned(context, update, events, recent)
    return _learned(context, update, events, engine.KnownEvents(_log_events(context, update, events)))


def _learned(
    context: Context, update: ProfileUpdate, events: Sequence[Event], history: engine.KnownEvents | None
) -> State:
    catalogue = context.ruleset.catalogue
    state, *others = (
        complete(context, state, attributes, stored_state, events)
        for stored_state, state, attributes in (
            (update.stored_state, update.state, update.stored_attributes),
            *update.absorbed,
        )
    )
    for other in others:
        state = engine.merge(state, other, catalogue, context.now, history)
    return engine.apply(state, events, catalogue, context.now, history)


def _log_events(context: Context, update: ProfileUpdate, events: Sequence[Event], since: int = 0) -> list[Event]:
    """The log since the instant (seconds UTC) of the person and of the absorbed, and the new events."""
    stored = (update.stored_attributes, *(attributes for _, _, attributes in update.absorbed))
    return [*events, *(event for attributes in stored if attributes for event in history(context, attributes, since))]


def complete(
    context: Context,
    state: State,
    attributes: ProfileAttributes | None,
    stored_state: StoredState,
    events: Iterable[Event],
) -> State:
    """The state with every timeline of the current definitions; new ones are filled from the log.

    ``events``, which are being folded, are left out of the filling: unlike the past, they start flows.
    """
    catalogue = context.ruleset.catalogue
    if stored_state.version == 0:
        begun = engine.fresh(catalogue, stored_state.profile)
        if attributes is None or not attributes.held:
            return begun
        return engine.backfill(begun, history(context, attributes), catalogue, context.now, catalogue.specs)
    timelines = engine.missing(state, catalogue)
    if not timelines:
        # People whom a publication brings in enter now, not at the time of the folded events.
        return (
            engine.advance(state, catalogue, context.now) if state.entry_revision < catalogue.entry_revision else state
        )
    new_ids = {event.id for event in events}
    past = [
        event
        for event in history(context, attributes or ProfileAttributes(stored_state.profile))
        if event.id not in new_ids
    ]
    return engine.backfill(engine.advance(state, catalogue, context.now), past, catalogue, context.now, timelines)


def history(context: Context, attributes: ProfileAttributes, since: int = 0) -> list[Event]:
    """The person's logged events since the instant, under the identifiers that are looked at (``looked_at.lookable``).

    Of a shared identifier they are those of the person's spans. Those that are too many for their day are left out
    (``daily.counted``), and the oldest if all together are too many to be read at once.
    """
    attributes = links.looked_at(context, attributes)
    logged = _logged(context, attributes, lookable(attributes), since)
    return daily.counted(logged.events, context.settings.events_per_day)


def whole_history(context: Context, attributes: ProfileAttributes) -> "Logged":
    """The logged events of the person under however many identifiers, also those that do not count."""
    attributes = links.complete(context, attributes)
    return _logged(context, attributes, attributes.identifiers, 0)


class Logged(NamedTuple):
    """Events of one person; unless ``complete``, older ones are left out."""

    events: list[Event]
    complete: bool


def _logged(context: Context, attributes: ProfileAttributes, names: frozenset[str], since: int) -> Logged:
    partitions, complete = context.ports.log.read_newest(sorted(names | attributes.visited), since)
    own = [event for events in partitions.values() for event in events if profile_attributes.belongs(attributes, event)]
    return Logged(own, complete)
