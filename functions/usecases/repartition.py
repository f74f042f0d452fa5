"""Divide the people around a shared device again, by the order of events in the log.

An event that names only a device or cart which several accounts use belongs to the person who was last logged in
there at that time. Events arrive in any order, so when such a device is found, or changes hands, the histories of
everybody around it are read and their identifiers are joined again in the order of the events.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from functions.core.base.errors import Conflict, TooLong
from functions.core.base.events import Event
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.steps import DivideRuns
from functions.core.base.trust import is_trusted
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles import daily, held_visitors
from functions.core.profiles.grouping import Groups, grouped
from functions.core.profiles.records import Pointer, ProfileAttributes, StoredState
from functions.core.profiles.resolution import about_addresses, elsewhere, named_by
from functions.core.profiles.state import State
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import links, newcomers, profile_session, successors
from functions.usecases.context import Context
from functions.usecases.held_joins import without_bound
from functions.usecases.profile_session import retry_on_conflict
from functions.usecases.stored_profiles import read


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
        division = _divide(context, unfolded, admitted, until)
        for stored_state in division.former:
            context.ports.people.save_state(stored_state)
        if division.late:
            unfolded.extend(division.late)
            raise Conflict("repartition", "events of a held visitor came meanwhile")

    retry_on_conflict(divide_and_confirm, "repartition", "a device is used while it passes on")


class _Division(NamedTuple):
    """The states as written of those to whom a changed pointer led before, and events that were not yet in the log."""

    former: list[StoredState]
    late: list[Event]


def _divide(context: Context, new_events: list[Event], admitted: int, until: int | None) -> _Division:
    """Write each person but visitors for whom the day has no profile left: these are held.

    With ``until`` new is what was received after that instant, and no other event.

    A profile that no person takes over is merged into the one that has its strongest name. Pointers are written last,
    and those of shared devices after all others: what they say of sharing tells a repeated fold that the division is
    finished.
    """
    events, whole = _everything(context, new_events)
    groups = grouped(events.values(), whole.public())
    owned = _owned(events.values(), groups)
    people_by_profile = successors.assign_profiles(
        context, [each for each in groups.all() if each in owned], groups, whole
    )
    ended = dict(successors.ended_profiles(whole, people_by_profile, groups))
    concerned = _concerned(whole, people_by_profile) if len(people_by_profile) > 1 else frozenset()
    visitors = [profile for profile, each in people_by_profile.items() if _is_new_visitor(profile, owned[each], whole)]
    kept = {winner for loser, winner in ended.items() if whole.state_of(loser).version}
    held = newcomers.not_admitted(context, [profile for profile in visitors if profile not in kept], admitted)
    new_ids = {event.id for event in new_events} | held_visitors.unfolded(events.values(), whole)
    if until is not None:
        new_ids = {event.id for event in events.values() if event.received > until}
    joined = {}
    for profile, each in people_by_profile.items():
        parts = [whole.attributes_of(part) for part in (profile, *(part for part in ended if ended[part] == profile))]
        joined[profile] = newcomers.joined(context, groups.names(each), parts, new_events)
    written: dict[str, StoredState] = {}
    for profile, each in people_by_profile.items():
        absorbed = {loser for loser, winner in ended.items() if winner == profile}
        empty = _emptied(whole.attributes_of(profile), absorbed, concerned)
        attributes = _attributes(empty, owned[each], groups.names(each), events.values())
        spans = {name: groups.spans(name, each) for name in groups.names(each) if len(groups.owners(name)) > 1}
        attributes = replace(attributes, spans=spans, joined=joined[profile])
        if profile in held:
            links.write(context, attributes)
            context.ports.people.save_attributes(held_visitors.only_held(attributes))
        else:
            silent = until is not None and new_ids.isdisjoint(event.id for event in owned[each])
            attributes = attributes if until is None else _with_statements(attributes, whole)
            written[profile] = _write(context, attributes, owned[each], new_ids, whole, silent=silent)
    for loser, winner in ended.items():
        profile_session.absorb(context, whole.state_of(loser), replace(whole.attributes_of(loser), held=False), winner)
    # Queued before the pointers are written, which mark the division as finished.
    if len(people_by_profile) > 1 and until is None:
        context.ports.queues.send([Dispatch(DivideRuns(profile)) for profile in written])
    pointers = list(_pointers(events.values(), groups, {each: profile for profile, each in people_by_profile.items()}))
    for last in (False, True):
        some = [pointer for pointer in pointers if bool(pointer.owners or pointer.public) is last]
        context.ports.people.point(some, moving=True)
    former = [written[profile] for profile in sorted(written.keys() & _former(pointers, whole))]
    return _Division(former, newcomers.logged_since(context, events, whole))


def _is_new_visitor(profile: str, own: Iterable[Event], whole: StoredProfiles) -> bool:
    """True if the profile is not stored, and only the public has told of its person."""
    return not whole.state_of(profile).version and not any(is_trusted(event.trust) for event in own)


def _former(pointers: Iterable[Pointer], whole: StoredProfiles) -> set[str]:
    """The profiles to which pointers led before that now lead elsewhere, or have other owners."""
    pairs = [(whole.pointers.get(pointer.identifier), pointer) for pointer in pointers]
    changed = [old for old, new in pairs if old and (old.profile, old.owners) != (new.profile, new.owners)]
    return {whole.living(profile) for old in changed for profile in old.profiles}


def _owned(events: Iterable[Event], groups: Groups) -> Mapping[int, list[Event]]:
    """The events by person."""
    owned: dict[int, list[Event]] = defaultdict(list)
    for event in events:
        owned[groups.of(event)].append(event)
    return owned


def _everything(context: Context, new_events: list[Event]) -> tuple[dict[str, Event], StoredProfiles]:
    """The events of everybody around the new events, by id, and all that is stored of these people.

    Follows identifiers until no new one is found. Stored rows are read before the log, and only once: a concurrent fold
    raises their version, so that nothing is written without its events.
    """
    events = {event.id: event for event in new_events}
    whole = StoredProfiles({}, {}, {})
    visited: set[str] = set()
    while fresh := _names(events, whole) - visited:
        whole.add(_complete(context, read(context, fresh, with_attributes=True, fresh=True)))
        # A public device's events say nothing about these people, and are too many.
        partitions, complete = context.ports.log.read_newest(sorted(fresh - whole.public()))
        if not complete:
            # What is known of the people is computed anew from all of it, or not at all.
            raise TooLong("repartition")
        for partition in partitions.values():
            events.update({event.id: event for event in partition})
        visited |= fresh
    return events, whole


def _complete(context: Context, stored: StoredProfiles) -> StoredProfiles:
    attributes = {profile: links.complete(context, each) for profile, each in stored.attributes.items()}
    return replace(stored, attributes=attributes)


def _names(events: dict[str, Event], whole: StoredProfiles) -> set[str]:
    names = {name for attributes in whole.attributes.values() for name in attributes.identifiers | attributes.visited}
    names |= {account for pointer in whole.pointers.values() for account in pointer.accounts}
    return names | {name for event in events.values() for name in event.identifiers}


def _concerned(whole: StoredProfiles, profiles: Iterable[str]) -> frozenset[str]:
    """Every profile under which runs and messages of one of the people may be stored."""
    absorbed = {profile for attributes in whole.attributes.values() for profile in attributes.absorbed}
    return frozenset({*profiles, *whole.states, *absorbed})


def _emptied(stored: ProfileAttributes, absorbed: set[str], concerned: frozenset[str]) -> ProfileAttributes:
    """The attributes without anything that is computed from events."""
    others, parted = stored.absorbed | absorbed, stored.parted | concerned - {stored.profile}
    kept = ProfileAttributes(stored.profile, first_seen=stored.first_seen, version=stored.version)
    return replace(kept, absorbed=others, parted=parted)


def _with_statements(attributes: ProfileAttributes, whole: StoredProfiles) -> ProfileAttributes:
    """The attributes with the traits, and what was said of e-mail, that are stored: the log may be younger."""
    stored = whole.attributes_of(attributes.profile)
    said = ProfileAttributes("", traits=stored.traits, consent=stored.consent, suppression=stored.suppression)
    return profile_attributes.merge(attributes, said)


def _write(
    context: Context,
    attributes: ProfileAttributes,
    own: list[Event],
    new_events: set[str],
    whole: StoredProfiles,
    *,
    silent: bool,
) -> StoredState:
    stored_state = whole.state_of(attributes.profile)
    before = context.ruleset.state(stored_state)
    before = before if stored_state.version else replace(before, entry_revision=_entry_revision(whole, context.ruleset))
    counted = daily.counted(own, context.settings.events_per_day)
    if len(counted) < len(own):
        attributes = replace(attributes, limits=attributes.limits | {daily.LIMIT})
    state = replace(
        _state(before, counted, new_events, context.ruleset, context.now),
        reachable=bool(profile_attributes.addresses(attributes)),
    )
    links.write(context, attributes)
    links.count(context, whole.attributes.get(attributes.profile), attributes)
    context.ports.people.save_attributes(attributes)
    links.unlink(context, whole.attributes_of(attributes.profile), attributes)
    return profile_session.save_state(context, stored_state, state, silent=silent)


def _entry_revision(whole: StoredProfiles, ruleset: Ruleset) -> int:
    """The ``entry_revision`` for a new profile: the highest of those that the person is divided from.

    Whoever is divided from them was written to as one of them, or never.
    """
    living = (stored_state for stored_state in whole.states.values() if not stored_state.merged_into)
    return max(
        (ruleset.state(stored_state).entry_revision for stored_state in living),
        default=ruleset.catalogue.entry_revision,
    )


def _attributes(
    empty: ProfileAttributes, own: Sequence[Event], group: frozenset[str], everything: Iterable[Event]
) -> ProfileAttributes:
    attributes = replace(empty, visited=elsewhere(group, own))
    attributes = profile_attributes.apply(attributes, [named_by(group, event) for event in own])
    return profile_attributes.merge(attributes, about_addresses(group, everything))


def _state(stored: State, own: list[Event], new_events: set[str], ruleset: Ruleset, now: int) -> State:
    """The state rebuilt from the log, keeping stored memberships, so that past events start no flow."""
    catalogue = ruleset.catalogue
    memberships_alone = replace(stored, timelines={}, timelines_digest="", segments_digest="")
    past = [event for event in own if event.id not in new_events]
    if not past and not stored.timelines_digest:
        begun = replace(engine.fresh(catalogue, stored.profile), entry_revision=stored.entry_revision)
        return engine.apply(begun, own, catalogue, now, engine.KnownEvents(own))
    filled = engine.backfill(memberships_alone, past, catalogue, now, catalogue.specs)
    return engine.apply(
        filled, [event for event in own if event.id in new_events], catalogue, now, engine.KnownEvents(own)
    )


def _pointers(events: Iterable[Event], groups: Groups, profiles: Mapping[int, str]) -> Iterator[Pointer]:
    first: dict[str, Event] = {}
    for event in sorted(events, key=lambda event: (event.time, event.id)):
        for name in event.identifiers:
            first.setdefault(name, event)
    for name, event in sorted(first.items()):
        owners = tuple((since, profiles[each]) for since, each in groups.owners(name) if each in profiles)
        if not owners:
            continue
        shared = owners if len(owners) > 1 else ()
        yield Pointer(name, owners[-1][1], event.time, event.source, shared, name in groups.public)
