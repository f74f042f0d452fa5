"""Choose which stored profile each person keeps when the people around a shared device are divided."""

from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import count

from functions.core.base.identity import primary, profile_id
from functions.core.profiles.grouping import BEGINNING, Groups
from functions.core.profiles.held_visitors import is_held
from functions.core.profiles.stored import StoredProfiles
from functions.usecases.context import Context
from functions.usecases.stored_profiles import of_profile


def assign_profiles(
    context: Context, everybody: Iterable[int], groups: Groups, whole: StoredProfiles
) -> dict[str, int]:
    """The people by profile: those who keep a stored profile first, then the others, each with a new one."""
    people: dict[str, int] = {}
    new: list[int] = []
    for each in everybody:
        profile = _profile(groups.names(each), whole, people)
        if profile is None:
            new.append(each)
        else:
            people[profile] = each
    for each in new:
        people[_begun(context, groups.names(each), whole, people)] = each
    return people


def _profile(group: frozenset[str], whole: StoredProfiles, used: Container[str]) -> str | None:
    """The stored profile that this group keeps: the one to which its strongest name leads; None if there is none."""
    for name in _strongest_first(group):
        profile = whole.profile_of(name)
        if profile is None or profile in used or is_held(profile, whole):
            continue
        if primary(whole.attributes_of(profile).identifiers or {name}) in group:
            return profile
    return None


def _strongest_first(group: frozenset[str]) -> list[str]:
    return sorted(group, key=lambda name: (name != primary(group), name))


def _begun(context: Context, group: frozenset[str], whole: StoredProfiles, used: Container[str]) -> str:
    """A new profile id for the group, of which nobody else has or had rows; its rows are read into ``whole``.

    The id derived from one of the group's names may belong to another person by now. A stored profile with no
    identifiers but the group's comes from a division that was interrupted, and is used again.
    """
    names = (f"{name} {again}" if again else name for again in count() for name in _strongest_first(group))
    while True:
        profile = profile_id(next(names))
        stored = of_profile(context, profile)
        stored_state, attributes = stored.state_of(profile), stored.attributes_of(profile)
        ours = attributes.identifiers <= group and not stored_state.merged_into
        if profile not in used and (ours or not stored_state.version):
            whole.add(stored)
            return profile


def ended_profiles(whole: StoredProfiles, people: Mapping[str, int], groups: Groups) -> Iterator[tuple[str, str]]:
    """The living profiles that no person keeps, each with the profile that now has its strongest identifier.

    Those of held visitors are among them, although they are not stored.
    """
    profiles = {each: profile for profile, each in people.items()}
    first = {name: groups.at(name, BEGINNING) for each in profiles for name in groups.names(each)}
    homes = {name: profiles[each] for name, each in first.items()}
    held = (profile for profile in whole.attributes if is_held(profile, whole))
    for profile in dict.fromkeys((*whole.states, *held)):
        names = whole.attributes_of(profile).identifiers & homes.keys()
        if names and profile not in people and not whole.state_of(profile).merged_into:
            yield profile, homes[primary(names)]
