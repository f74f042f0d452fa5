"""Bound the new profiles that only the public asks for in a day; hold the visitors above it.

What is held is read from the log as soon as anything else is folded of the visitor: an event of a day on which there is
room, or one of somebody trusted. Then the whole history counts, as if it had come just now.
"""

from collections.abc import Mapping, Sequence

from functions.core.base.events import Event
from functions.core.profiles import held_visitors, joining
from functions.core.profiles.records import ProfileAttributes
from functions.core.profiles.resolution import new_pointer
from functions.core.profiles.stored import StoredProfiles
from functions.usecases.context import Context

HOUR = 3_600
DAY = 24 * HOUR
# The counter, and with ``Refused`` the metric, of new profiles that only public events ask for.
PUBLIC_PROFILES = "PublicProfiles"


def admit(context: Context) -> bool:
    """Count one more new profile of this day; False if there have been as many as the public may ask for."""
    first_hour = context.now // DAY * (DAY // HOUR)
    return context.ports.counters.take_cheaply(PUBLIC_PROFILES, first_hour, context.settings.public_profiles_per_day)


def hold(context: Context, events: Sequence[Event], stored: StoredProfiles) -> None:
    """Leave these events, of visitors without a profile, in the log; what they name leads to where they are held.

    Nothing is written for identifiers that are known. Raises Conflict if somebody else has written meanwhile: whoever
    gives a visitor a profile changes the same attributes.
    """
    for attributes in held_visitors.held(events, stored):
        if attributes == stored.attributes.get(attributes.profile):
            continue
        fresh = sorted(attributes.identifiers - stored.attributes_of(attributes.profile).identifiers)
        new = [name for name in fresh if name not in stored.pointers]
        context.ports.people.point([new_pointer(name, attributes.profile, events) for name in new])
        context.ports.people.save_attributes(attributes)


def not_admitted(context: Context, profiles: Sequence[str], admitted: int) -> frozenset[str]:
    """Those of these new profiles of public visitors that may not be made today; so many are admitted already."""
    return frozenset(profile for profile in profiles[admitted:] if not admit(context))


def logged_since(context: Context, events: Mapping[str, Event], stored: StoredProfiles) -> list[Event]:
    """What the log has under the identifiers of visitors who were held when these events were read from it.

    A fold that found the visitor held, just before that changed, has left its events in the log: they were there then.
    """
    names = sorted(held_visitors.identifiers(stored))
    several = context.ports.log.read_several(names)
    return [event for name in several for event in several[name] if event.id not in events]


def joined(
    context: Context, names: frozenset[str], parts: Sequence[ProfileAttributes], events: Sequence[Event]
) -> tuple[int, int]:
    """What has joined a person of these stored parts today, with these events; raises TooManyJoin (``joining``)."""
    day = max((event.received for event in events), default=0) // DAY
    return joining.counted(names, parts, events, day, context.settings.joins_per_day)
