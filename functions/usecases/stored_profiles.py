"""What is stored of the people whom some identifiers name, read in as few round trips as possible."""

from collections.abc import Iterable

from functions.core.base.identity import profile_id
from functions.core.ports import People
from functions.core.profiles.stored import StoredProfiles


def read(people: People, identifiers: Iterable[str], *, cards: bool, fresh: bool = False) -> StoredProfiles:
    """Read everybody whom the identifiers name.

    The profile that an identifier would begin is read beside the pointer: for a person who was never merged
    that is the right one, and one round trip is enough.
    """
    names = frozenset(identifiers)
    asked = {profile_id(name) for name in names}
    found = StoredProfiles(*people.load(names, asked, cards=cards, fresh=fresh))
    wanted = {profile for pointer in found.pointers.values() for profile in pointer.profiles}
    return follow(people, found, wanted - asked, asked, cards=cards, fresh=fresh)


def follow(
    people: People, found: StoredProfiles, wanted: set[str], asked: set[str], *, cards: bool, fresh: bool = False
) -> StoredProfiles:
    """Read the wanted profiles too, and whatever they were merged into."""
    wanted |= _merged(found) - asked
    while wanted:
        _, hots, more = people.load((), wanted, cards=cards, fresh=fresh)
        found.hots.update(hots)
        found.cards.update(more)
        asked |= wanted
        wanted = _merged(found) - asked
    return found


def _merged(found: StoredProfiles) -> set[str]:
    return {hot.merged_into for hot in found.hots.values() if hot.merged_into}


def of_profile(people: People, profile: str, *, fresh: bool = True) -> StoredProfiles:
    """Read a profile, its card and, if it was merged, the living one."""
    return follow(people, StoredProfiles({}, {}, {}), {profile}, set(), cards=True, fresh=fresh)
