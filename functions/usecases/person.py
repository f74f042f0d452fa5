"""One person while they are being folded: put together from what is stored, taught new events, written back."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from functions.core.base.errors import Undecided
from functions.core.base.events import Event
from functions.core.definitions.ruleset import Ruleset
from functions.core.flows.records import Due
from functions.core.ports import Log, Ports
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState
from functions.core.profiles.resolution import MergePlan
from functions.core.profiles.state import State, pack
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import tick

# How far a sender's clock may lag behind ours: the log is ordered by the sender's time.
SKEW = 3_600


@dataclass(frozen=True, slots=True)
class Person:
    """A person in the making. ``losers`` are the stored profiles that end in this one; ``attributes`` is None when no
    event says anything of it."""

    stored_state: StoredState
    state: State
    stored_card: ProfileAttributes | None
    attributes: ProfileAttributes | None
    pointers: tuple[Pointer, ...] = ()
    losers: tuple[tuple[StoredState, State, ProfileAttributes], ...] = ()
    moved: tuple[Pointer, ...] = ()


def planned(plan: MergePlan, stored: StoredProfiles, ruleset: Ruleset) -> Person:
    """The person of the plan with what is stored of them."""
    stored_state = stored.state_of(plan.profile)
    losers = [stored.state_of(profile) for profile in plan.absorbed]
    return Person(
        stored_state=stored_state,
        state=ruleset.state(stored_state),
        stored_card=stored.attributes.get(plan.profile),
        attributes=plan.attributes,
        pointers=plan.created,
        losers=tuple((loser, ruleset.state(loser), stored.attributes_of(loser.profile)) for loser in losers),
        moved=plan.repointed,
    )


def learn(person: Person, events: Sequence[Event], log: Log, ruleset: Ruleset, now: int) -> Person:
    """The person with these events in their timelines and their memberships right at ``now``.

    The log is read where what is stored does not tell whether an event is new. Raises Undecided if that is so and
    the attributes, which name the person's partitions of the log, were not read.
    """
    try:
        state = _learned(person, events, log, ruleset, now, None)
    except Undecided as undecided:
        if person.stored_state.version and person.stored_card is None:
            raise
        state = _decided(person, events, log, ruleset, now, undecided.since)
    reachable = bool(profile_attributes.addresses(person.attributes)) if person.attributes else person.state.reachable
    return replace(person, state=replace(state, reachable=reachable))


def _decided(person: Person, events: Sequence[Event], log: Log, ruleset: Ruleset, now: int, since: int | None) -> State:
    """The state by the log since the instant, or by all of it if that is not enough.

    Each order of a storefront is told several times within days, by people who may have years of events.
    """
    if since is not None:
        with suppress(Undecided):
            recent = engine.Known(_told(person, events, log, since - SKEW), since=since)
            return _learned(person, events, log, ruleset, now, recent)
    return _learned(person, events, log, ruleset, now, engine.Known(_told(person, events, log)))


def _learned(
    person: Person, events: Sequence[Event], log: Log, ruleset: Ruleset, now: int, known: engine.Known | None
) -> State:
    catalogue = ruleset.catalogue
    state, *others = (
        complete(state, attributes, stored_state, events, log, ruleset, now)
        for stored_state, state, attributes in ((person.stored_state, person.state, person.stored_card), *person.losers)
    )
    for other in others:
        state = engine.merge(state, other, catalogue, now, known)
    return engine.apply(state, events, catalogue, now, known)


def _told(person: Person, events: Sequence[Event], log: Log, since: int = 0) -> list[Event]:
    """What the log has since the instant of the person and of those who end in them, with these events."""
    stored = (person.stored_card, *(attributes for _, _, attributes in person.losers))
    return [*events, *(event for attributes in stored if attributes for event in history(attributes, log, since))]


def complete(
    state: State,
    attributes: ProfileAttributes | None,
    stored_state: StoredState,
    events: Iterable[Event],
    log: Log,
    ruleset: Ruleset,
    now: int,
) -> State:
    """The state with every timeline of the current definitions; new ones are filled from the log.

    What is being folded just now is left out: it starts flows, while the past does not.
    """
    catalogue = ruleset.catalogue
    if stored_state.version == 0:
        return engine.fresh(catalogue, stored_state.profile)
    wanted = engine.missing(state, catalogue)
    if not wanted:
        # Whom a publication brings in enters now, not at the time of the events that are folded.
        return engine.advance(state, catalogue, now) if state.entry_revision < catalogue.entry_revision else state
    new_ids = {event.id for event in events}
    past = [
        event
        for event in history(attributes or ProfileAttributes(stored_state.profile), log)
        if event.id not in new_ids
    ]
    return engine.backfill(engine.advance(state, catalogue, now), past, catalogue, now, wanted)


def history(attributes: ProfileAttributes, log: Log, since: int = 0) -> list[Event]:
    """All logged events of the person; of a shared identifier those of the spans in which it was theirs."""
    return [
        event
        for name in sorted(attributes.identifiers)
        for event in log.read(name, since)
        if profile_attributes.owns(attributes, name, event.time)
    ]


def save(person: Person, ports: Ports, ruleset: Ruleset, now: int) -> None:
    """Write the person, in the order that survives a crash between any two writes; raises Conflict."""
    if person.pointers:
        ports.people.point(person.pointers)
    if person.attributes is not None and person.attributes != person.stored_card:
        ports.people.save_attributes(person.attributes)
    save_state(person.stored_state, person.state, ports, ruleset, now)
    for stored_state, _, attributes in person.losers:
        absorb(stored_state, attributes, person.stored_state.profile, ports)
    if person.moved:
        ports.people.point(person.moved, moving=True)


def absorb(stored_state: StoredState, attributes: ProfileAttributes, winner: str, ports: Ports) -> None:
    """Leave nothing of the profile but the way to the one that it ends in; raises Conflict if somebody wrote it."""
    ports.people.absorb(replace(stored_state, packed=b"", due=None, merged_into=winner), attributes)


def save_state(stored_state: StoredState, state: State, ports: Ports, ruleset: Ruleset, now: int) -> StoredState:
    """Write the state unless nothing changed, and see that somebody wakes up when it falls due soon.

    Returns what is stored then.
    """
    changed = replace(stored_state, packed=pack(state), due=stored_due(stored_state.due, state.due, now))
    is_new = changed != stored_state or stored_state.version == 0
    if is_new:
        ports.people.save_state(replace(changed, notify=ruleset.should_notify(ruleset.state(stored_state), state)))
    wake(changed, ports, now)
    return replace(changed, version=stored_state.version + is_new)


def stored_due(stored: int | None, due: int | None, now: int) -> int | None:
    """The instant to keep in the index: a later one is not written, since waking early does no harm."""
    if stored is not None and stored > now and (due is None or due >= stored):
        return stored
    return due


def wake(stored_state: StoredState, ports: Ports, now: int) -> None:
    """Queue a wake to the second if the profile falls due before the next tick surely sees it."""
    if stored_state.due is not None and stored_state.due <= now + tick.SOON:
        ports.queues.send([tick.dispatch(Due(stored_state.profile, "state", stored_state.due), now)])
