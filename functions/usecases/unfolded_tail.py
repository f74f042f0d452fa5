"""The events of a person that are in the log and were not folded yet, and whom they join to the person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from functions.core.base.events import Event
from functions.core.base.identity import NAMESPACES, are_two_people, is_strong, namespace
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.grouping import order
from functions.core.profiles.records import Pointer, ProfileAttributes
from functions.core.profiles.stored import StoredProfiles
from functions.usecases.context import Context
from functions.usecases.stored_profiles import follow


@dataclass(frozen=True, slots=True)
class Others:
    """Profiles that the tail joins to somebody, by which names, and the names in it that are other people's."""

    joining: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()


def read(context: Context, attributes: ProfileAttributes, since: int) -> tuple[list[Event], dict[str, Pointer]]:
    """Recent events under the person's identifiers and those that the events add, and the pointers of the latter."""
    events_by_id: dict[str, Event] = {}
    pointers: dict[str, Pointer] = {}
    names, done = {name for name in attributes.identifiers if not _is_late(name)}, set[str]()
    while fresh := names - done:
        if new := fresh - attributes.identifiers:
            pointers.update(context.ports.people.load(sorted(new), (), fresh=True)[0])
        # A device that everybody uses says nothing of anybody.
        public = {name for name in fresh if name in pointers and pointers[name].public}
        for name in sorted(fresh - public):
            for event in context.ports.log.read(name, since):
                events_by_id[event.id] = event
                # Strong names of one event are one person, two accounts with one address as well.
                if profile_attributes.owns(attributes, name, event.time):
                    names.update(event.identifiers)
        done |= fresh
    return list(events_by_id.values()), pointers


def _is_late(name: str) -> bool:
    """Partitions of orders hold refunds alone: those of orders that the tail tells of are read, older ones are not."""
    return NAMESPACES[namespace(name)].late


def newcomers(
    context: Context, attributes: ProfileAttributes, pointers: dict[str, Pointer], living: str, stored: StoredProfiles
) -> Others:
    """Whom the tail's new names lead to; they are read into the snapshot."""
    private = {name: pointer for name, pointer in pointers.items() if not pointer.public}
    profiles = {pointer.profile for pointer in private.values()}
    follow(context, stored, profiles, set(stored.states), with_attributes=True, fresh=True)
    homes = {name: stored.living(pointer.profile) for name, pointer in private.items()}
    others = {
        name
        for name, home in homes.items()
        if are_two_people(attributes.identifiers, stored.attributes_of(home).identifiers)
    }
    strangers = {name for name in homes if not is_strong(name) and (name in others or private[name].owners)}
    joining = {name: home for name, home in homes.items() if name not in strangers and home != living}
    return Others(frozenset(joining.values()), frozenset(joining), frozenset(strangers))


def own(attributes: ProfileAttributes, events: Iterable[Event], strangers: Iterable[str]) -> list[Event]:
    """Those of the events that are the person's: on a shared device only what happened while it was theirs.

    A login that nobody has folded yet makes it theirs from its time on, a stranger's device as well.
    """
    # The person is seen with a stranger's device before it is theirs.
    attributes = replace(attributes, spans={**dict.fromkeys(strangers, ()), **attributes.spans})
    theirs: list[Event] = []
    for event in sorted(events, key=order):
        if is_strong(event.identifier):
            for name in attributes.spans.keys() & set(event.identifiers):
                attributes = profile_attributes.logged_in(attributes, name, event.time)
        if is_strong(event.identifier) or profile_attributes.owns(attributes, event.identifier, event.time):
            theirs.append(event)
    return theirs
