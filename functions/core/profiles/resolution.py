"""Identity resolution: plans which profiles to create, update, merge and repoint for some events.

The plan is computed from the events and the stored records; nothing is read or written here. If the outcome depends on
event order (a device that several people used, two accounts that one identifier joins), these events do not suffice:
then there is no plan, and the people have to be divided by the whole log.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from functions.core.base.events import Event
from functions.core.base.identity import (
    accounts,
    are_several_accounts,
    are_two_people,
    is_address,
    is_strong,
    primary,
    profile_id,
)
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.bounds import SPAN_BYTES, spans_size
from functions.core.profiles.grouping import Groups, is_login, order
from functions.core.profiles.records import Pointer, ProfileAttributes
from functions.core.profiles.stored import StoredProfiles

# Profile id -> the instant (seconds UTC) up to which the stored profile was evaluated.
Evaluated = Callable[[str], int]


class MergePlan(NamedTuple):
    """The changes for one person.

    profile     the profile that remains, stored already or new
    absorbed    the stored profiles that are merged into it
    attributes  the attributes to store; None if there are none to write
    created     new pointers, of identifiers that had none
    repointed   changed pointers, of identifiers that led to an absorbed profile
    events      the person's events
    """

    profile: str
    absorbed: tuple[str, ...]
    attributes: ProfileAttributes | None
    created: tuple[Pointer, ...]
    repointed: tuple[Pointer, ...]
    events: tuple[Event, ...]


def resolve(events: Sequence[Event], stored: StoredProfiles, evaluated: Evaluated) -> list[MergePlan] | None:
    """A plan for each person of the events; None if the outcome depends on event order, so the log must be re-read."""
    groups = _groups(events, stored)
    if _is_for_the_log(events, groups, stored, evaluated):
        return None
    own: dict[int, list[Event]] = {}
    for event in events:
        own.setdefault(groups.of(event), []).append(event)
    plans = [_plan(groups.names(person), own_events, stored) for person, own_events in own.items()]
    # People who have become one may share more devices with others than one person may.
    is_crowded = any(plan.attributes and spans_size(plan.attributes.spans) > SPAN_BYTES for plan in plans)
    return None if is_crowded else plans


def _plan(group: frozenset[str], events: Sequence[Event], stored: StoredProfiles) -> MergePlan:
    """The plan for one group of identifiers: its stored profiles become one, the one that was seen first remains."""
    profiles = _profiles(group, events, stored)
    ordered = sorted(
        profiles, key=lambda profile: (stored.attributes_of(profile).first_seen or events[0].time, profile)
    )
    winner, losers = (ordered[0], ordered[1:]) if ordered else (profile_id(primary(group)), [])
    names = {name for event in events for name in event.identifiers if name in group}
    has_attributes = winner in stored.attributes or stored.state_of(winner).version == 0 or losers
    return MergePlan(
        profile=winner,
        absorbed=tuple(losers),
        attributes=_attributes(group, events, winner, losers, stored) if has_attributes else None,
        created=tuple(new_pointer(name, winner, events) for name in sorted(names - stored.pointers.keys())),
        repointed=tuple(
            pointer._replace(profile=winner)
            for name in sorted(group)
            if (pointer := stored.pointers.get(name)) and pointer.profile != winner and not pointer.owners
        ),
        events=tuple(events),
    )


def _profiles(group: frozenset[str], events: Sequence[Event], stored: StoredProfiles) -> set[str]:
    """The stored profiles that the group's identifiers lead to; shared ones lead to the owner at the event's time."""
    own = {stored.profile_of(name) for name in group if not stored.is_shared(name)}
    shared = [(event, name) for event in events for name in event.identifiers if stored.is_shared(name)]
    return {*filter(None, own), *filter(None, (stored.profile_at(name, event.time) for event, name in shared))}


def _attributes(
    group: frozenset[str], events: Iterable[Event], winner: str, losers: Iterable[str], stored: StoredProfiles
) -> ProfileAttributes:
    attributes = stored.attributes_of(winner)
    for loser in losers:
        attributes = profile_attributes.merge(
            attributes, replace(stored.attributes_of(loser), absorbed=stored.attributes_of(loser).absorbed | {loser})
        )
    if others := elsewhere(group, events):
        attributes = replace(attributes, visited=attributes.visited | others)
    return profile_attributes.apply(attributes, [named_by(group, event) for event in events])


def elsewhere(group: frozenset[str], events: Iterable[Event]) -> frozenset[str]:
    """The addresses and accounts of other people that events of this person name.

    An event with an account and an address lies in the log under the address, which may be another account's.
    """
    return frozenset(name for event in events for name in event.identifiers if is_strong(name)) - group


def named_by(group: frozenset[str], event: Event) -> Event:
    """The event with only those of its identifiers that are the person's, so without public devices.

    What it says about e-mail to an address is said of that address, so it goes with the address.
    """
    names = tuple(name for name in event.identifiers if name in group)
    others = [name for name in event.identifiers if is_address(name)]
    about_others = bool(others) and not any(map(is_address, names))
    if names == event.identifiers and not about_others:
        return event
    return replace(event, identifiers=names, consent=None if about_others else event.consent)


def about_addresses(group: frozenset[str], events: Iterable[Event]) -> ProfileAttributes:
    """What the events say about e-mail to addresses of the group, whoever said it; nothing else of them."""
    statements = [
        replace(event, identifiers=names, traits={})
        for event in events
        if event.consent or event.suppression
        if (names := tuple(name for name in event.identifiers if is_address(name) and name in group))
    ]
    stated = profile_attributes.apply(ProfileAttributes(""), statements)
    return ProfileAttributes("", consent=stated.consent, suppression=stated.suppression)


def new_pointer(name: str, profile: str, events: Sequence[Event]) -> Pointer:
    """A new pointer from the identifier to the profile, first seen with the earliest of the events that name it."""
    first = min((event for event in events if name in event.identifiers), key=lambda event: (event.time, event.id))
    return Pointer(name, profile, first.time, first.source)


def _groups(events: Sequence[Event], stored: StoredProfiles) -> Groups:
    """The groups of identifiers after these events, from the events and the stored owners of their identifiers."""
    names = {name for event in events for name in event.identifiers}
    groups = Groups(stored.public())
    shared = [name for name in sorted(names) if stored.is_shared(name)]
    names_by_owner: dict[str, set[str]] = {
        owner: _own(owner, stored) for name in shared for _, owner in stored.owners(name)
    }
    for name in names.difference(shared):
        if (profile := stored.profile_of(name)) and not _is_wrong(name, stored):
            names_by_owner.setdefault(profile, _own(profile, stored)).add(name)
    people = {profile: groups.add(identifiers) for profile, identifiers in names_by_owner.items()}
    for name in shared:
        for since, owner in stored.owners(name):
            groups.own(name, since, people[owner])
    for event in sorted(events, key=order):
        groups.link(event)
    return groups


def _own(profile: str, stored: StoredProfiles) -> set[str]:
    """The profile's unshared identifiers by its attributes, without those whose pointer leads to another profile.

    An identifier may lack its pointer, since attributes are written before pointers.
    """
    attributes = stored.attributes_of(profile)
    return {
        name for name in attributes.identifiers - attributes.spans.keys() if stored.profile_of(name) in (profile, None)
    }


def _is_wrong(name: str, stored: StoredProfiles) -> bool:
    """True if the identifier's pointer leads to a profile that is another person's.

    This happens if a fold writes the pointer to a profile that becomes another account's at the same time: that fold's
    write of the attributes fails, so they lack the identifier.
    """
    if stored.is_shared(name):
        return False
    identifiers = stored.attributes_of(stored.profile_of(name) or "").identifiers
    return name not in identifiers and are_two_people([name], identifiers)


def _is_for_the_log(events: Sequence[Event], groups: Groups, stored: StoredProfiles, evaluated: Evaluated) -> bool:
    """True if the outcome depends on event order, so that the log must be read again."""
    used = [(event, name) for event in events for name in event.identifiers]
    kept = [(event, name) for event, name in used if name in groups.kept]
    links = [event for event in events if len(event.identifiers) > 1]
    return (
        # A person used a device or cart that was another person's at the time, by what is stored.
        bool(groups.passed)
        or any(stored.is_shared(name) and not stored.profile_at(name, event.time) for event, name in used)
        or any(_is_wrong(name, stored) for _, name in used)
        or any(_is_within_passing(event, name, stored) for event, name in used)
        or any(_is_new_conflict(event, name, groups, stored, evaluated) for event, name in kept)
        or any(_mixes_accounts(event, groups.names(groups.of(event)), stored, evaluated) for event in links)
    )


def _is_within_passing(event: Event, name: str, stored: StoredProfiles) -> bool:
    """True for a login in the very second in which the device passed on: it may have been before or after that."""
    changes = {since for since, _ in stored.owners(name)[1:]} if stored.is_shared(name) else ()
    return event.time in changes and is_login(event)


def _is_new_conflict(event: Event, name: str, groups: Groups, stored: StoredProfiles, evaluated: Evaluated) -> bool:
    """True if the event gives an address or account of somebody else, and it is not known yet that it is theirs.

    Whose it is depends on who had it first. What such an event says of the address counts for the one who has it, whose
    profile has to be written as well.
    """
    person = groups.of(event)
    if name in groups.names(person):
        return False
    if event.consent or event.suppression:
        return True
    own = {stored.profile_of(each) for each in event.identifiers if each in groups.names(person)} - {None}
    holders = [profile for profile in own if profile and name in stored.attributes_of(profile).visited]
    return not holders or event.time <= evaluated(holders[0])


def _mixes_accounts(event: Event, group: frozenset[str], stored: StoredProfiles, evaluated: Evaluated) -> bool:
    """True if the event joins two accounts to one person, or happened before they were joined.

    In the latter case the device that joined them may have belonged to only one of them by that time.
    """
    if not are_several_accounts(group):
        return False
    several = accounts(group)
    profiles = {profile for name in several if (profile := stored.profile_of(name))}
    holders = [profile for profile in profiles if several <= stored.attributes_of(profile).identifiers]
    return not holders or event.time <= evaluated(holders[0])
