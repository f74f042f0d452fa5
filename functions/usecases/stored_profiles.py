"""What is stored of the people whom some identifiers name, read in as few round trips as possible."""

from collections.abc import Iterable

from functions.core.base.identity import profile_id
from functions.core.profiles.stored import StoredProfiles
from functions.usecases.context import Context


def read(context: Context, identifiers: Iterable[str], *, with_attributes: bool, fresh: bool = False) -> StoredProfiles:
    """Read everybody whom the identifiers name.

    The profile that an identifier would begin is read beside the pointer: for a person who was never merged
    that is the right one, and one round trip is enough.
    """
    names = frozenset(identifiers)
    asked = {profile_id(name) for name in names}
    stored = StoredProfiles(*context.ports.people.load(names, asked, with_attributes=with_attributes, fresh=fresh))
    profiles = {profile for pointer in stored.pointers.values() for profile in pointer.profiles}
    return follow(context, stored, profiles - asked, asked, with_attributes=with_attributes, fresh=fresh)


def follow(
    context: Context,
    stored: StoredProfiles,
    profiles: set[str],
    asked: set[str],
    *,
    with_attributes: bool,
    fresh: bool = False,
) -> StoredProfiles:
    """Read the wanted profiles too, and whatever they were merged into."""
    profiles |= _merged(stored) - asked
    while profiles:
        _, stored_states, more = context.ports.people.load((), profiles, with_attributes=with_attributes, fresh=fresh)
        stored.states.update(stored_states)
        stored.attributes.update(more)
        asked |= profiles
        profiles = _merged(stored) - asked
    return stored


def _merged(stored: StoredProfiles) -> set[str]:
    return {stored_state.merged_into for stored_state in stored.states.values() if stored_state.merged_into}


def of_profile(context: Context, profile: str, *, fresh: bool = True) -> StoredProfiles:
    """Read a profile, its attributes and, if it was merged, the living one."""
    return follow(context, StoredProfiles({}, {}, {}), {profile}, set(), with_attributes=True, fresh=fresh)
