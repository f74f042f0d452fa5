"""The last look: what is true of a person at this very moment, folded or not.

A profile may lag behind the log by the events that are still on their way. Before a message goes out the unfolded
tail is read from the partitions of everything the person is called, names that only the tail knows included, and
folded in memory. Folding twice is harmless, so the tail may begin too early but never too late.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from functions.core.base.errors import Undecided
from functions.core.base.events import Event
from functions.core.base.identity import NAMESPACES, are_two_people, is_strong, namespace
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.grouping import order
from functions.core.profiles.records import Pointer, ProfileAttributes
from functions.core.profiles.state import State
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.context import Context
from functions.usecases.person import SKEW
from functions.usecases.stored_profiles import follow, of_profile

# How old, by its sender's clock, an event may be that is still on its way to the profile.
LAG = 30 * 86_400


@dataclass(frozen=True, slots=True)
class CurrentPerson:
    """A person as of now: the living profile's id, attributes and state with the tail folded in, and the tail itself.

    ``unmerged`` is when the first event was received that joins another profile to this one and that nobody has folded
    (seconds UTC); None if there is none.
    """

    profile: str
    attributes: ProfileAttributes
    state: State
    tail: tuple[Event, ...]
    unmerged: int | None = None


def current_person(context: Context, profile: str, since: int) -> CurrentPerson | None:
    """The person as the log knows them at ``now``, with every event from ``since`` on; None if they were erased."""
    found = of_profile(context, profile)
    living = found.living(profile)
    if living not in found.attributes and living not in found.states:
        return None
    attributes, state = _stored(context, living, found)
    begin = min(since, context.now - LAG)
    told, pointers = _tail(context, attributes, begin - SKEW)
    others = _newcomers(context, attributes, pointers, living, found)
    tail = _own(attributes, told, others.strangers)
    for other in others.joining:
        theirs, their_state = _stored(context, other, found)
        attributes = profile_attributes.merge(attributes, replace(theirs, absorbed=theirs.absorbed | {other}))
        state = _merged(context, state, their_state, attributes)
    attributes = profile_attributes.apply(attributes, tail)
    unmerged = min((each.received for each in told if others.links & set(each.identifiers)), default=None)
    state = _applied(context, state, engine.Known(tail, since=begin), attributes)
    return CurrentPerson(living, attributes, state, tuple(tail), unmerged)


def _applied(context: Context, state: State, tail: engine.Known, attributes: ProfileAttributes) -> State:
    """The state with the tail; the whole log is read where some of it may be sealed, or an order of long ago."""
    try:
        return engine.apply(state, tail.events, context.ruleset.catalogue, context.now, tail)
    except Undecided:
        known = engine.Known([*tail.events, *person.history(context, attributes)])
        return engine.apply(state, tail.events, context.ruleset.catalogue, context.now, known)


def _merged(context: Context, state: State, theirs: State, attributes: ProfileAttributes) -> State:
    """The state of both; the log of both is read where an entry of one may be one of the other."""
    try:
        return engine.merge(state, theirs, context.ruleset.catalogue, context.now)
    except Undecided:
        return engine.merge(
            state, theirs, context.ruleset.catalogue, context.now, engine.Known(person.history(context, attributes))
        )


def _own(attributes: ProfileAttributes, told: Iterable[Event], strangers: Iterable[str]) -> list[Event]:
    """What is the person's of the events: on a device that others use, what happened while it was theirs.

    A login that nobody has folded yet makes it theirs from its time on, a stranger's device as well.
    """
    # The person is seen with a stranger's device before it is theirs.
    attributes = replace(attributes, spans={**dict.fromkeys(strangers, ()), **attributes.spans})
    own: list[Event] = []
    for event in sorted(told, key=order):
        if is_strong(event.identifier):
            for name in attributes.spans.keys() & set(event.identifiers):
                attributes = profile_attributes.logged_in(attributes, name, event.time)
        if is_strong(event.identifier) or profile_attributes.owns(attributes, event.identifier, event.time):
            own.append(event)
    return own


def _stored(context: Context, profile: str, found: StoredProfiles) -> tuple[ProfileAttributes, State]:
    stored_state, attributes = found.state_of(profile), found.attributes_of(profile)
    state = person.complete(context, context.ruleset.state(stored_state), attributes, stored_state, ())
    return attributes, engine.advance(state, context.ruleset.catalogue, context.now)


def _tail(context: Context, attributes: ProfileAttributes, since: int) -> tuple[list[Event], dict[str, Pointer]]:
    """Recent events under the person's identifiers and those that the events add, and the pointers of the latter."""
    told: dict[str, Event] = {}
    pointers: dict[str, Pointer] = {}
    names, done = {name for name in attributes.identifiers if not _is_late(name)}, set[str]()
    while fresh := names - done:
        if new := fresh - attributes.identifiers:
            pointers.update(context.ports.people.load(sorted(new), (), fresh=True)[0])
        # A device that everybody uses says nothing of anybody.
        public = {name for name in fresh if name in pointers and pointers[name].public}
        for name in sorted(fresh - public):
            for event in context.ports.log.read(name, since):
                told[event.id] = event
                # Strong names of one event are one person, two accounts with one address as well.
                if profile_attributes.owns(attributes, name, event.time):
                    names.update(event.identifiers)
        done |= fresh
    return list(told.values()), pointers


def _is_late(name: str) -> bool:
    """Partitions of orders hold refunds alone: those of orders that the tail tells of are read, older ones are not."""
    return NAMESPACES[namespace(name)].late


@dataclass(frozen=True, slots=True)
class _Others:
    """Profiles that the tail joins to somebody, by which names, and the names in it that are other people's."""

    joining: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()


def _newcomers(
    context: Context, attributes: ProfileAttributes, pointers: dict[str, Pointer], living: str, found: StoredProfiles
) -> _Others:
    """Whom the tail's new names lead to; they are read into the snapshot."""
    private = {name: pointer for name, pointer in pointers.items() if not pointer.public}
    profiles = {pointer.profile for pointer in private.values()}
    follow(context, found, profiles, set(found.states), with_attributes=True, fresh=True)
    homes = {name: found.living(pointer.profile) for name, pointer in private.items()}
    others = {
        name
        for name, home in homes.items()
        if are_two_people(attributes.identifiers, found.attributes_of(home).identifiers)
    }
    strangers = {name for name in homes if not is_strong(name) and (name in others or private[name].owners)}
    joining = {name: home for name, home in homes.items() if name not in strangers and home != living}
    return _Others(frozenset(joining.values()), frozenset(joining), frozenset(strangers))
