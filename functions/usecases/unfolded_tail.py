"""Read a person's logged events that are not folded yet, and find whom these join to the person."""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from functions.core.base.events import Event
from functions.core.base.identity import NAMESPACES, are_two_people, is_strong, namespace
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.bounds import lookable
from functions.core.profiles.grouping import order
from functions.core.profiles.records import Pointer, ProfileAttributes
from functions.core.profiles.stored import StoredProfiles
from functions.usecases.context import Context
from functions.usecases.stored_profiles import follow


class Others(NamedTuple):
    """What the tail says of others: profiles it joins to the person, by which names, and other people's names."""

    joining: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    strangers: frozenset[str] = frozenset()


def read(context: Context, attributes: ProfileAttributes, since: int) -> tuple[list[Event], dict[str, Pointer]]:
    """The recent events under the person's identifiers and those they add, and the pointers of the added ones."""
    events_by_id: dict[str, Event] = {}
    pointers: dict[str, Pointer] = {}
    names, read_names = {name for name in lookable(attributes) if not _is_late(name)}, set[str]()
    passed_over = {name for name in attributes.identifiers - names if not _is_late(name)}
    while fresh := names - read_names:
        if new := fresh - attributes.identifiers:
            pointers.update(context.ports.people.load(sorted(new), (), fresh=True)[0])
        # A public device's events say nothing about any one person.
        public = {name for name in fresh if name in pointers and pointers[name].public}
        for name in sorted(fresh - public):
            for event in context.ports.log.read(name, since):
                events_by_id[event.id] = event
                # Strong identifiers in one event are one person's, even two accounts with one address.
                if profile_attributes.owns(attributes, name, event.time):
                    names.update({*event.identifiers} - passed_over)
        read_names |= fresh
    return list(events_by_id.values()), pointers


def _is_late(name: str) -> bool:
    """True for names of orders, whose own partitions hold refunds only.

    They are read only for orders that the tail names, not for older ones.
    """
    return NAMESPACES[namespace(name)].late


def joining_profiles(
    context: Context, attributes: ProfileAttributes, pointers: dict[str, Pointer], living: str, stored: StoredProfiles
) -> Others:
    """The profiles to which the tail's new names lead; these are read into ``stored``."""
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


def own_events(attributes: ProfileAttributes, events: Iterable[Event], strangers: Iterable[str]) -> list[Event]:
    """The person's own events among these; on a shared device only those of the person's spans.

    An unfolded login makes the device the person's from its time on, even a device that is somebody else's so far.
    """
    # A device of others has no span for the person until a login in the tail.
    attributes = replace(attributes, spans={**dict.fromkeys(strangers, ()), **attributes.spans})
    events_of_person: list[Event] = []
    for event in sorted(events, key=order):
        if is_strong(event.identifier):
            for name in attributes.spans.keys() & set(event.identifiers):
                attributes = profile_attributes.logged_in(attributes, name, event.time)
        if is_strong(event.identifier) or profile_attributes.owns(attributes, event.identifier, event.time):
            events_of_person.append(event)
    return events_of_person
