"""Compute one of the people around a shared device anew from the log, and write the profile."""

from dataclasses import replace

from functions.core.base.events import Event
from functions.core.definitions.ruleset import Ruleset
from functions.core.profiles import attributes as profile_attributes
from functions.core.profiles import daily
from functions.core.profiles.division import Division
from functions.core.profiles.records import ProfileAttributes, StoredState
from functions.core.profiles.resolution import about_addresses, elsewhere, named_by
from functions.core.profiles.state import State
from functions.core.profiles.stored import StoredProfiles
from functions.core.segments import engine
from functions.usecases import links, profile_session
from functions.usecases.context import Context


def attributes_of(division: Division, profile: str, joined: tuple[int, int]) -> ProfileAttributes:
    """The attributes of the person who has the profile, as the log tells them; ``joined`` as in ProfileAttributes."""
    groups, names, own = division.groups, division.names(profile), division.own(profile)
    attributes = replace(_emptied(division, profile), visited=elsewhere(names, own))
    attributes = profile_attributes.apply(attributes, [named_by(names, event) for event in own])
    attributes = profile_attributes.merge(attributes, about_addresses(names, division.events.values()))
    person = division.people[profile]
    spans = {name: groups.spans(name, person) for name in names if len(groups.owners(name)) > 1}
    return replace(attributes, spans=spans, joined=joined)


def write(context: Context, division: Division, attributes: ProfileAttributes) -> StoredState:
    """Write the person's profile, computed from the person's own events; returns the state as written."""
    whole, own = division.whole, division.own(attributes.profile)
    if division.until is not None:
        attributes = _with_statements(attributes, whole)
    counted = daily.counted(own, context.settings.events_per_day)
    if len(counted) < len(own):
        attributes = replace(attributes, limits=attributes.limits | {daily.LIMIT})
    stored_state = whole.state_of(attributes.profile)
    before = context.ruleset.state(stored_state)
    before = before if stored_state.version else replace(before, entry_revision=_entry_revision(whole, context.ruleset))
    state = replace(
        _state(before, counted, division.new, context.ruleset, context.now),
        reachable=bool(profile_attributes.addresses(attributes)),
    )
    links.write(context, attributes)
    links.count(context, whole.attributes.get(attributes.profile), attributes)
    context.ports.people.save_attributes(attributes)
    links.unlink(context, whole.attributes_of(attributes.profile), attributes)
    return profile_session.save_state(context, stored_state, state, silent=division.is_quiet(attributes.profile))


def _emptied(division: Division, profile: str) -> ProfileAttributes:
    """The stored attributes without anything that is computed from events."""
    stored = division.whole.attributes_of(profile)
    absorbed, parted = division.absorbed(profile), division.concerned - {profile}
    kept = ProfileAttributes(profile, first_seen=stored.first_seen, version=stored.version)
    return replace(kept, absorbed=stored.absorbed | absorbed, parted=stored.parted | parted)


def _with_statements(attributes: ProfileAttributes, whole: StoredProfiles) -> ProfileAttributes:
    """The attributes with the traits, and what was said of e-mail, that are stored: the log may be younger."""
    stored = whole.attributes_of(attributes.profile)
    said = ProfileAttributes("", traits=stored.traits, consent=stored.consent, suppression=stored.suppression)
    return profile_attributes.merge(attributes, said)


def _entry_revision(whole: StoredProfiles, ruleset: Ruleset) -> int:
    """The ``entry_revision`` for a new profile: the highest of those that the person is divided from.

    The person was written to as one of them, or never.
    """
    living = (stored_state for stored_state in whole.states.values() if not stored_state.merged_into)
    return max(
        (ruleset.state(stored_state).entry_revision for stored_state in living),
        default=ruleset.catalogue.entry_revision,
    )


def _state(stored: State, own: list[Event], new: frozenset[str], ruleset: Ruleset, now: int) -> State:
    """The state rebuilt from the log, keeping stored memberships, so that past events start no flow."""
    catalogue = ruleset.catalogue
    past = [event for event in own if event.id not in new]
    known = engine.KnownEvents(own)
    if not past and not stored.timelines_digest:
        begun = replace(engine.fresh(catalogue, stored.profile), entry_revision=stored.entry_revision)
        return engine.apply(begun, own, catalogue, now, known)
    memberships_alone = replace(stored, timelines={}, timelines_digest="", segments_digest="")
    filled = engine.backfill(memberships_alone, past, catalogue, now, catalogue.specs)
    return engine.apply(filled, [event for event in own if event.id in new], catalogue, now, known)
