"""Which stored profile goes on as whom, when the people around a shared device are divided."""

from collections.abc import Container, Iterable, Iterator, Mapping
from itertools import count

from functions.core.base.identity import primary, profile_id
from functions.core.profiles.grouping import BEGINNING, Groups
from functions.core.profiles.stored import StoredProfiles
from functions.usecases.context import Context
from functions.usecases.stored_profiles import of_profile


def taken(context: Context, everybody: Iterable[int], groups: Groups, whole: StoredProfiles) -> dict[str, int]:
    """Everybody by profile: first those whom a stored one goes on as, then the others, of whom each begins one."""
    taken: dict[str, int] = {}
    new: list[int] = []
    for each in everybody:
        profile = _profile(groups.names(each), whole, taken)
        if profile is None:
            new.append(each)
        else:
            taken[profile] = each
    for each in new:
        taken[_begun(context, groups.names(each), whole, taken)] = each
    return taken


def _profile(group: frozenset[str], whole: StoredProfiles, taken: Container[str]) -> str | None:
    """The profile that goes on as this group: the one that most of its strongest name leads to."""
    for name in _strongest_first(group):
        profile = whole.profile_of(name)
        if profile and profile not in taken and primary(whole.attributes_of(profile).identifiers or {name}) in group:
            return profile
    return None


def _strongest_first(group: frozenset[str]) -> list[str]:
    return sorted(group, key=lambda name: (name != primary(group), name))


def _begun(context: Context, group: frozenset[str], whole: StoredProfiles, taken: Container[str]) -> str:
    """A profile for the group that is nobody else's and never was, put into the snapshot.

    The one that begins with a name of the group may have gone to another. One that holds nobody but the group was
    written by a division that broke off.
    """
    names = (f"{name} {again}" if again else name for again in count() for name in _strongest_first(group))
    while True:
        profile = profile_id(next(names))
        stored = of_profile(context, profile)
        stored_state, attributes = stored.state_of(profile), stored.attributes_of(profile)
        ours = attributes.identifiers <= group and not stored_state.merged_into
        if profile not in taken and (ours or not stored_state.version):
            whole.add(stored)
            return profile


def ended(whole: StoredProfiles, taken: Mapping[str, int], groups: Groups) -> Iterator[tuple[str, str]]:
    """The living profiles that nobody goes on as, each with the one that has its strongest name."""
    profiles = {each: profile for profile, each in taken.items()}
    first = {name: groups.at(name, BEGINNING) for each in profiles for name in groups.names(each)}
    homes = {name: profiles[each] for name, each in first.items()}
    for stored_state in whole.states.values():
        names = whole.attributes_of(stored_state.profile).identifiers & homes.keys()
        if names and stored_state.profile not in taken and not stored_state.merged_into:
            yield stored_state.profile, homes[primary(names)]
