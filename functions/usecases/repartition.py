"""Divide the people around a shared device again, by the order of events in the log.

An event that names only a device or cart which several accounts use belongs to the person who was last logged in
there at that time. Events arrive in any order, so when such a device is found, or changes hands, the histories of
everybody around it are read and their identifiers are joined again in the order of the events.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

from functions.core.base.errors import Conflict
from functions.core.base.events import Event
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.steps import DivideRuns
from functions.core.base.trust import is_trusted
from functions.core.profiles import held_visitors
from functions.core.profiles.division import Division, concerned, owned
from functions.core.profiles.grouping import grouped
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState
from functions.core.profiles.stored import StoredProfiles
from functions.usecases import divided_person, links, newcomers, profile_session, successors
from functions.usecases.around_device import read_around
from functions.usecases.context import Context
from functions.usecases.held_joins import without_bound
from functions.usecases.profile_session import retry_on_conflict


def repartition(context: Context, new_events: list[Event], *, admitted: int = 0) -> None:
    """Assign the logged events of everybody whom these events connect to people anew, and write each person's profile.

    So many new profiles of visitors, whom only the public has told of, are ``admitted`` already. Raises Conflict if one
    of the profiles keeps changing.

    A fold that read a device's pointer just before it changed may write an event on that device to the previous owner
    just afterwards. So the states of previous owners are written once more at the end: one of the two writers is
    refused, and if it is this one, the log is read again. The log of held visitors is read once more for the same
    reason.
    """
    _repartition(context, list(new_events), admitted, None)


def rebuild(context: Context, seeds: list[Event], until: int) -> None:
    """Write the profiles of everybody whom these logged events connect anew from the log, for rows that were lost.

    What was received up to the instant (seconds UTC) is past: it starts no flow and nobody is told of it. Traits and
    what was said of e-mail stay where the log holds them no longer. Raises Conflict if one of the profiles keeps
    changing.
    """
    _repartition(without_bound(context), seeds, sys.maxsize, until)


def _repartition(context: Context, unfolded: list[Event], admitted: int, until: int | None) -> None:
    def divide_and_confirm() -> None:
        division = _division(context, unfolded, until)
        written = _write(context, division, unfolded, admitted)
        for stored_state in written.former:
            context.ports.people.save_state(stored_state)
        if written.late:
            unfolded.extend(written.late)
            raise Conflict("repartition", "events of a held visitor came meanwhile")

    retry_on_conflict(divide_and_confirm, "repartition", "a device is used while it passes on")


class _Written(NamedTuple):
    """The states as written of those to whom a changed pointer led before, and events that were not yet in the log."""

    former: list[StoredState]
    late: list[Event]


def _division(context: Context, unfolded: list[Event], until: int | None) -> Division:
    """Read everybody whom these events connect, and say who is who."""
    events, whole = read_around(context, unfolded)
    groups = grouped(events.values(), whole.public())
    own = owned(events.values(), groups)
    people = successors.assign_profiles(context, [each for each in groups.all() if each in own], groups, whole)
    ended = dict(successors.ended_profiles(whole, people, groups))
    new = {event.id for event in unfolded} | held_visitors.unfolded(events.values(), whole)
    if until is not None:
        new = {event.id for event in events.values() if event.received > until}
    return Division(events, whole, groups, own, people, ended, frozenset(new), concerned(whole, people), until)


def _write(context: Context, division: Division, unfolded: list[Event], admitted: int) -> _Written:
    """Write each person but visitors for whom the day has no profile left: these are held.

    A profile that no person takes over is merged into the one that has its strongest name. Pointers are written last,
    since they mark the division as finished; what is to be done about runs is queued before.
    """
    held = newcomers.not_admitted(context, _visitors(division), admitted)
    everybody = list(_people(context, division, unfolded))
    written: dict[str, StoredState] = {}
    for attributes in everybody:
        if attributes.profile in held:
            links.write(context, attributes)
            context.ports.people.save_attributes(held_visitors.only_held(attributes))
        else:
            written[attributes.profile] = divided_person.write(context, division, attributes)
    _absorb(context, division)
    if len(division.people) > 1 and division.until is None:
        context.ports.queues.send([Dispatch(DivideRuns(profile)) for profile in written])
    pointers = _point(context, division)
    former = [written[profile] for profile in sorted(written.keys() & _former(pointers, division.whole))]
    return _Written(former, newcomers.logged_since(context, division.events, division.whole))


def _visitors(division: Division) -> list[str]:
    """The new profiles of which only the public has told, and in which no stored profile ends."""
    kept = {winner for loser, winner in division.ended.items() if division.whole.state_of(loser).version}
    return [profile for profile in division.people if profile not in kept and _is_new_visitor(division, profile)]


def _is_new_visitor(division: Division, profile: str) -> bool:
    stored = division.whole.state_of(profile).version
    return not stored and not any(is_trusted(event.trust) for event in division.own(profile))


def _people(context: Context, division: Division, unfolded: list[Event]) -> Iterator[ProfileAttributes]:
    """The attributes of each person; raises TooManyJoin if more names join one than may in a day."""
    for profile in division.people:
        parts = [division.whole.attributes_of(part) for part in (profile, *sorted(division.absorbed(profile)))]
        joined = newcomers.joined(context, division.names(profile), parts, unfolded)
        yield divided_person.attributes_of(division, profile, joined)


def _absorb(context: Context, division: Division) -> None:
    for loser, winner in division.ended.items():
        attributes = replace(division.whole.attributes_of(loser), held=False)
        profile_session.absorb(context, division.whole.state_of(loser), attributes, winner)


def _point(context: Context, division: Division) -> list[Pointer]:
    """Write where each identifier leads, and return it.

    The pointers of shared devices are written after all others: what they say of sharing tells a repeated fold that the
    division is finished.
    """
    pointers = list(_pointers(division))
    for last in (False, True):
        some = [pointer for pointer in pointers if bool(pointer.owners or pointer.public) is last]
        context.ports.people.point(some, moving=True)
    return pointers


def _pointers(division: Division) -> Iterator[Pointer]:
    groups = division.groups
    profiles = {each: profile for profile, each in division.people.items()}
    first: dict[str, Event] = {}
    for event in sorted(division.events.values(), key=lambda event: (event.time, event.id)):
        for name in event.identifiers:
            first.setdefault(name, event)
    for name, event in sorted(first.items()):
        owners = tuple((since, profiles[each]) for since, each in groups.owners(name) if each in profiles)
        if not owners:
            continue
        shared = owners if len(owners) > 1 else ()
        yield Pointer(name, owners[-1][1], event.time, event.source, shared, name in groups.public)


def _former(pointers: Iterable[Pointer], whole: StoredProfiles) -> set[str]:
    """The profiles to which pointers led before that now lead elsewhere, or have other owners."""
    pairs = [(whole.pointers.get(pointer.identifier), pointer) for pointer in pointers]
    changed = [old for old, new in pairs if old and (old.profile, old.owners) != (new.profile, new.owners)]
    return {whole.living(profile) for old in changed for profile in old.profiles}
