"""Read a person's logged events that are not folded yet, and find whom these join to the person."""

from typing import NamedTuple

from functions.core.base.events import Event
from functions.core.base.identity import NAMESPACES, account_of, are_two_people, namespace
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.grouping import BEGINNING, Groups, order
from functions.core.profiles.looked_at import lookable
from functions.core.profiles.records import Pointer, ProfileAttributes
from functions.core.profiles.resolution import about_addresses, named_by
from functions.core.profiles.stored import StoredProfiles
from functions.usecases.context import Context
from functions.usecases.stored_profiles import follow


class Tail(NamedTuple):
    """Recent events around a person, not all of them the person's, and the pointers of names that these add."""

    events: tuple[Event, ...]
    pointers: dict[str, Pointer]


def read(context: Context, attributes: ProfileAttributes, since: int) -> Tail:
    """The recent events under the person's identifiers and under those that they add."""
    events_by_id: dict[str, Event] = {}
    pointers: dict[str, Pointer] = {}
    names = {name for name in {*lookable(attributes), *attributes.visited} if not _is_late(name)}
    read_names = set[str]()
    passed_over = {name for name in attributes.identifiers - names if not _is_late(name)}
    while fresh := names - read_names:
        if new := fresh - attributes.identifiers:
            pointers.update(context.ports.people.load(sorted(new), (), fresh=True).pointers)
        # A public device's events say nothing about any one person.
        public = {name for name in fresh if name in pointers and pointers[name].public}
        for name, events in context.ports.log.read_several(sorted(fresh - public), since).items():
            for event in events:
                events_by_id[event.id] = event
                if _may_join(attributes, name, event):
                    names.update({*event.identifiers} - passed_over)
        read_names |= fresh
    return Tail(tuple(events_by_id.values()), pointers)


def _may_join(attributes: ProfileAttributes, name: str, event: Event) -> bool:
    """True if the event, found under this identifier, may be the person's: what else it names is read then."""
    if not profile_attributes.owns(attributes, name, event.time):
        return False
    return event.merges or not are_two_people(attributes.identifiers, event.identifiers)


def _is_late(name: str) -> bool:
    """True for names of orders, whose own partitions hold refunds only.

    They are read only for orders that the tail names, not for older ones.
    """
    return NAMESPACES[namespace(name)].late


def divide(
    context: Context, attributes: ProfileAttributes, tail: Tail, living: str, stored: StoredProfiles
) -> "Division":
    """Whose the tail's events are, decided as a fold decides it; the profiles of others are read into ``stored``."""
    private = {name: pointer for name, pointer in tail.pointers.items() if not pointer.public}
    profiles = {profile for pointer in private.values() for profile in pointer.profiles}
    follow(context, stored, profiles, set(stored.states), with_attributes=True, fresh=True)
    groups = Groups(name for name, pointer in tail.pointers.items() if pointer.public)
    person = _add_person(groups, attributes)
    people = {living: person}
    for name, pointer in private.items():
        for since, owner in pointer.owners or ((BEGINNING, pointer.profile),):
            home = stored.living(owner)
            if home not in people:
                people[home] = groups.add(_own_names(stored.attributes_of(home)))
            groups.own(name, since, people[home])
    in_order = sorted(tail.events, key=order)
    for event in in_order:
        groups.link(event)
    joining = frozenset(home for home, other in people.items() if home != living and groups.are_one(person, other))
    return Division(
        own=tuple(event for event in in_order if groups.are_one(groups.of(event), person)),
        names=groups.names(person),
        joining=joining,
        links=frozenset(name for name, pointer in private.items() if stored.living(pointer.profile) in joining),
    )


def _add_person(groups: Groups, attributes: ProfileAttributes) -> int:
    """Add the person with their spans of shared devices; outside of these somebody else has them."""
    person = groups.add(_own_names(attributes))
    # Whoever shares a device is another account of the same namespace, else they would be one person.
    claimed = filter(None, map(account_of, attributes.identifiers))
    somebody = groups.add(f"{space}:" for space in {space for space, _ in claimed})
    for name, spans in attributes.spans.items():
        groups.own(name, BEGINNING, somebody)
        for begin, end in spans:
            groups.own(name, begin, person)
            if end is not None:
                groups.own(name, end, somebody)
    return person


def _own_names(attributes: ProfileAttributes) -> frozenset[str]:
    return attributes.identifiers - attributes.spans.keys()


class Division(NamedTuple):
    """What of the tail is the person's.

    own      the person's events, in the order in which a fold takes them
    names    the person's identifiers after them
    joining  the stored profiles that they join to the person, and ``links`` the identifiers that do
    """

    own: tuple[Event, ...]
    names: frozenset[str]
    joining: frozenset[str]
    links: frozenset[str]


def applied(attributes: ProfileAttributes, tail: Tail, division: Division) -> ProfileAttributes:
    """The attributes with the person's events, and with what others say about e-mail to the person's addresses."""
    attributes = profile_attributes.apply(attributes, [named_by(division.names, event) for event in division.own])
    return profile_attributes.merge(attributes, about_addresses(division.names, tail.events))
