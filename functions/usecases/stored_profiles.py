"""Read what is stored of the people who have some identifiers, in as few round trips as possible."""

from collections.abc import Iterable

from functions.core.base.identity import profile_id
from functions.core.profiles.stored import StoredProfiles
from functions.usecases.context import Context


def read(
    context: Context,
    identifiers: Iterable[str],
    *,
    with_attributes: bool,
    fresh: bool = False,
    marks: Iterable[str] = (),
) -> StoredProfiles:
    """Read the pointers of the identifiers, and the states and, if asked, attributes of their profiles.

    ``marks`` are the keys of erased identifiers that are looked for in the same round trip.

    The profile id derived from an identifier is read in the same round trip as its pointer. For a person who was never
    merged it is the right one, so one round trip is enough.
    """
    names = frozenset(identifiers)
    derived_ids = {profile_id(name) for name in names}
    stored = StoredProfiles(
        *context.ports.people.load(names, derived_ids, marks, with_attributes=with_attributes, fresh=fresh)
    )
    profiles = {profile for pointer in stored.pointers.values() for profile in pointer.profiles}
    return follow(context, stored, profiles - derived_ids, derived_ids, with_attributes=with_attributes, fresh=fresh)


def follow(
    context: Context,
    stored: StoredProfiles,
    profiles: set[str],
    read_ids: set[str],
    *,
    with_attributes: bool,
    fresh: bool = False,
) -> StoredProfiles:
    """Read further profiles into ``stored``, and those that they were merged into; return ``stored``."""
    profiles |= _merged(stored) - read_ids
    while profiles:
        loaded = context.ports.people.load((), profiles, with_attributes=with_attributes, fresh=fresh)
        stored.states.update(loaded.states)
        stored.attributes.update(loaded.attributes)
        read_ids |= profiles
        profiles = _merged(stored) - read_ids
    return stored


def _merged(stored: StoredProfiles) -> set[str]:
    return {stored_state.merged_into for stored_state in stored.states.values() if stored_state.merged_into}


def of_profile(context: Context, profile: str, *, fresh: bool = True) -> StoredProfiles:
    """Read a profile with its attributes and, if it was merged, the profile that it was merged into."""
    return follow(context, StoredProfiles({}, {}, {}), {profile}, set(), with_attributes=True, fresh=fresh)
