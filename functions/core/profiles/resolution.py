"""Who is who after some events: a plan of what to create, update, join and repoint, from the events and what is stored.

Nothing is read or written here. What depends on what happened first (a device that several people used, two accounts
that one name joins) cannot be told from these events alone: then the plan is to divide these people by the whole log.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from functions.core.base.events import Event
from functions.core.base.identity import accounts, are_several_accounts, are_two_people, primary, profile_id
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.grouping import Groups, order
from functions.core.profiles.records import Pointer, ProfileAttributes
from functions.core.profiles.stored import StoredProfiles

# Up to when (seconds UTC) the stored profile was evaluated.
Evaluated = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class MergePlan:
    """What becomes of one person.

    profile     the profile that goes on, stored or not
    absorbed    the stored profiles that end in it
    attributes  what is to be stored of them; None if no event says anything of it
    created     pointers of identifiers that led nowhere
    repointed   pointers that led to an absorbed profile
    events      the person's events
    """

    profile: str
    absorbed: tuple[str, ...]
    attributes: ProfileAttributes | None
    created: tuple[Pointer, ...]
    repointed: tuple[Pointer, ...]
    events: tuple[Event, ...]


def resolve(events: Sequence[Event], stored: StoredProfiles, evaluated: Evaluated) -> list[MergePlan] | None:
    """A plan for each person; None if they have to be divided by the log, since it matters what happened first."""
    groups = _groups(events, stored)
    if _is_for_the_log(events, groups, stored, evaluated):
        return None
    own: dict[int, list[Event]] = {}
    for event in events:
        own.setdefault(groups.of(event), []).append(event)
    return [_plan(groups.names(person), theirs, stored) for person, theirs in own.items()]


def _plan(group: frozenset[str], events: Sequence[Event], stored: StoredProfiles) -> MergePlan:
    """The stored person, or people, whom the group of identifiers names, as one: the first one seen goes on."""
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
        created=tuple(_pointer(name, winner, events) for name in sorted(names - stored.pointers.keys())),
        repointed=tuple(
            replace(pointer, profile=winner)
            for name in sorted(group)
            if (pointer := stored.pointers.get(name)) and pointer.profile != winner and not pointer.owners
        ),
        events=tuple(events),
    )


def _profiles(group: frozenset[str], events: Sequence[Event], stored: StoredProfiles) -> set[str]:
    """The stored profiles that the names lead to, those that others have too by the times of the events."""
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
    return profile_attributes.apply(attributes, [named_by(group, event) for event in events])


def named_by(group: frozenset[str], event: Event) -> Event:
    """The event with the person's names alone: a device that everybody uses is nobody's."""
    return replace(event, identifiers=tuple(name for name in event.identifiers if name in group))


def _pointer(name: str, profile: str, events: Sequence[Event]) -> Pointer:
    first = min((event for event in events if name in event.identifiers), key=lambda event: (event.time, event.id))
    return Pointer(name, profile, first.time, first.source)


def _groups(events: Sequence[Event], stored: StoredProfiles) -> Groups:
    """Who is one person after these events, as far as the identifiers they carry reach."""
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
        groups.link(event.identifiers, event.time)
    return groups


def _own(profile: str, stored: StoredProfiles) -> set[str]:
    """What the attributes name alone, without what leads elsewhere: they are written before pointers that follow."""
    attributes = stored.attributes_of(profile)
    return {
        name for name in attributes.identifiers - attributes.spans.keys() if stored.profile_of(name) in (profile, None)
    }


def _is_wrong(name: str, stored: StoredProfiles) -> bool:
    """Whether the name leads to another person: a fold claimed it for a profile that became another account's.

    It lost the race for the attributes, so they do not have the name.
    """
    if stored.is_shared(name):
        return False
    identifiers = stored.attributes_of(stored.profile_of(name) or "").identifiers
    return name not in identifiers and are_two_people([name], identifiers)


def _is_for_the_log(events: Sequence[Event], groups: Groups, stored: StoredProfiles, evaluated: Evaluated) -> bool:
    """Whether the outcome depends on event order, so that the log must be read again."""
    used = [(event, name) for event in events for name in event.identifiers]
    links = [event for event in events if len(event.identifiers) > 1]
    return (
        # Somebody used a device or cart that was somebody else's at the time, as far as was known.
        bool(groups.passed)
        or any(stored.is_shared(name) and not stored.profile_at(name, event.time) for event, name in used)
        or any(_is_wrong(name, stored) for _, name in used)
        or any(_mixes_accounts(event, groups.names(groups.of(event)), stored, evaluated) for event in links)
    )


def _mixes_accounts(event: Event, group: frozenset[str], stored: StoredProfiles, evaluated: Evaluated) -> bool:
    """Whether the event makes one person of two accounts, or happened before they became one.

    What joined them may be a device that belonged to one of them by then.
    """
    if not are_several_accounts(group):
        return False
    several = accounts(group)
    profiles = {profile for name in several if (profile := stored.profile_of(name))}
    holders = [profile for profile in profiles if several <= stored.attributes_of(profile).identifiers]
    return not holders or event.time <= evaluated(holders[0])
