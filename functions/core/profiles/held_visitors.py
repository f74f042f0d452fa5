"""Visitors who have no profile yet, since the public may ask for no more of them today: their events wait in the log.

Such a visitor's identifiers have pointers, as a person's have, and the profile that these lead to has attributes with
nothing but the identifiers (``held``), and no state. So whoever meets one of the identifiers finds all of them, and
with them the events in the log.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from functions.core.base.events import Event
from functions.core.base.identity import primary, profile_id
from functions.core.base.trust import is_trusted
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles.bounds import LINKED, within_row
from functions.core.profiles.records import ProfileAttributes
from functions.core.profiles.stored import StoredProfiles

# The most identifiers under which somebody is held, if they have room in a row: it is written with each new one.
MOST_IDENTIFIERS = 500


def is_held(profile: str, stored: StoredProfiles) -> bool:
    """True if the profile is that of a held visitor."""
    return stored.attributes_of(profile).held and not stored.state_of(profile).version


def holders(events: Iterable[Event], stored: StoredProfiles) -> frozenset[str]:
    """The held visitors to whom the identifiers of these events lead, or led at some time."""
    names = {name for event in events for name in _private(event, stored)}
    return frozenset(profile for name in names for profile in stored.profiles_of(name) if is_held(profile, stored))


def are_all(events: Sequence[Event], stored: StoredProfiles) -> bool:
    """True if these connected events are of visitors without a profile, as far as only the public has told of them."""
    if any(is_trusted(event.trust) for event in events):
        return False
    named = [(event, list(_private(event, stored))) for event in events]
    if not all(
        names and all(_leads_to_no_profile(name, event.time, stored) for name in names) for event, names in named
    ):
        return False
    return all(
        not stored.state_of(each.profile).version
        and len(each.identifiers) <= MOST_IDENTIFIERS
        and within_row(each).identifiers == each.identifiers
        for each in held(events, stored)
    )


def held(events: Sequence[Event], stored: StoredProfiles) -> list[ProfileAttributes]:
    """The attributes under which the visitors of these events, for whom ``are_all`` holds, are held from now on."""
    names = frozenset(name for event in events for name in _private(event, stored))
    known = holders(events, stored) or {profile_id(primary(names))}
    first = min(event.time for event in events)
    return [_with(stored.attributes_of(profile), names, first) for profile in sorted(known)]


def only_held(attributes: ProfileAttributes) -> ProfileAttributes:
    """The attributes under which the visitor is held who would have these."""
    return ProfileAttributes(
        attributes.profile,
        identifiers=attributes.identifiers,
        first_seen=attributes.first_seen,
        version=attributes.version,
        spans=attributes.spans,
        limits=attributes.limits & LINKED,
        leaving=attributes.leaving,
        held=True,
    )


def unfolded(events: Iterable[Event], stored: StoredProfiles) -> set[str]:
    """The ids of those of the events that are held."""
    visitors = [stored.attributes_of(profile) for profile in stored.attributes if is_held(profile, stored)]
    return {event.id for event in events if any(profile_attributes.belongs(each, event) for each in visitors)}


def identifiers(stored: StoredProfiles) -> frozenset[str]:
    """All identifiers of held visitors."""
    visitors = [stored.attributes_of(profile) for profile in stored.attributes if is_held(profile, stored)]
    return frozenset(name for each in visitors for name in each.identifiers) - stored.public()


def _private(event: Event, stored: StoredProfiles) -> Iterator[str]:
    """The identifiers of the event that do not belong to too many people."""
    return (name for name in event.identifiers if not ((at := stored.pointers.get(name)) and at.public))


def _leads_to_no_profile(name: str, time: int, stored: StoredProfiles) -> bool:
    """True if the identifier leads to nobody, or led to a held visitor at the time (seconds UTC)."""
    if name not in stored.pointers:
        return True
    owner = stored.profile_at(name, time)
    return owner is not None and is_held(owner, stored)


def _with(attributes: ProfileAttributes, names: frozenset[str], first: int) -> ProfileAttributes:
    seen = min(filter(None, (attributes.first_seen, first)), default=0)
    return replace(attributes, identifiers=attributes.identifiers | names, first_seen=seen, held=True)
