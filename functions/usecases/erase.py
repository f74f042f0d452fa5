"""Delete a person, or everybody, as the law demands.

The data that leads to other data is deleted last. First the runs and messages stored under other people's profiles,
since the log says whose they are; then the log, messages and runs; then pointers and the profile. An erasure that was
interrupted finds everything again when it is repeated, and a repeated complete one finds nothing.

Events that were already in the stream are folded after their rows are deleted, and leave a profile without a log. A
second run, after SECOND_LOOK seconds, when every stream has been read, deletes those profiles only: a person who has
come back in the meantime has a log again.
"""

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, replace

from functions.core.base.identity import Span, is_address, is_strong, profile_id
from functions.core.base.tasks import Dispatch
from functions.core.base.tasks.erasures import EraseEmptyProfiles, EraseShop
from functions.core.profiles.grouping import BEGINNING, spans_of
from functions.core.profiles.records import ProfileAttributes
from functions.core.profiles.stored import StoredProfiles
from functions.usecases import erase_runs, erased_people, erasure_marks, links, visits
from functions.usecases.context import Context
from functions.usecases.profile_update import whole_history
from functions.usecases.stored_profiles import read

SECOND_LOOK = 900


@dataclass(frozen=True, slots=True)
class Erased:
    """The numbers of deleted profiles and events; holds no personal data."""

    profiles: int = 0
    events: int = 0

    def __add__(self, other: "Erased") -> "Erased":
        return Erased(self.profiles + other.profiles, self.events + other.events)


def erase_people(context: Context, identifiers: Iterable[str]) -> Erased:
    """Delete everybody who has one of the identifiers, and the log's partitions of these."""
    named = sorted(set(identifiers))
    names, stored = _everything(context, frozenset(named))
    profiles = _profiles(names, stored)
    absorbed = {each for profile in profiles for each in stored.attributes_of(profile).absorbed}
    erased_people.note(context, {*profiles, *absorbed, *map(profile_id, names - stored.pointers.keys())})
    erase_runs.part(context, profiles)
    erased = _erase(context, names, stored)
    if named:
        context.ports.queues.send([Dispatch(EraseEmptyProfiles(tuple(named)), SECOND_LOOK)])
    return erased


def erase_empty_profiles(context: Context, identifiers: Iterable[str]) -> Erased:
    """Delete the profiles to which these identifiers lead and whose log is empty."""
    stored = read(context, frozenset(identifiers), with_attributes=True, fresh=True)
    all_attributes = [
        links.complete(context, stored.attributes_of(profile)) for profile in sorted(_profiles(stored.pointers, stored))
    ]
    empty = [attributes for attributes in all_attributes if not whole_history(context, attributes).events]
    erased_people.note(context, {each for attributes in empty for each in (attributes.profile, *attributes.absorbed)})
    for attributes in empty:
        _forget(context, attributes, attributes.identifiers - attributes.spans.keys())
    return Erased(profiles=len(empty))


def erase_shop(context: Context, task: EraseShop, late: Callable[[], bool]) -> Erased:
    """Delete everybody, page by page, until done or ``late()``, then queue the rest."""
    erased = Erased()
    erased_people.note_everybody(context)
    for stored_states, following in context.ports.people.pages(task.start, with_held=True):
        loaded = context.ports.people.load(
            (), [stored_state.profile for stored_state in stored_states], with_attributes=True, fresh=True
        )
        for stored_state in stored_states:
            attributes = loaded.attributes.get(stored_state.profile, ProfileAttributes(stored_state.profile))
            attributes = links.complete(context, attributes)
            names, stored = _everything(context, attributes.identifiers)
            erased += _erase(context, names, stored)
            _forget(context, attributes, attributes.identifiers)
        if following is not None and late():
            context.ports.queues.send([Dispatch(EraseShop(task.shop, following))])
            break
    return erased


def _erase(context: Context, names: frozenset[str], stored: StoredProfiles) -> Erased:
    profiles = _profiles(names, stored)
    alone = frozenset(name for name in names if not _others(name, profiles, stored))
    # Marked first: what comes into the log behind the deletion, or is in its stream, is recognised.
    erasure_marks.mark(context, alone, (stored.attributes_of(profile) for profile in sorted(profiles)))
    visits.end(context, names)
    events = sum(visits.erase(context, stored.attributes_of(profile), names) for profile in sorted(profiles))
    events += sum(context.ports.log.erase(name, _own_spans(name, profiles, stored)) for name in sorted(names))
    for name in sorted(names - alone):
        _leave(context, name, profiles, stored)
    for profile in sorted(profiles):
        _forget(context, stored.attributes_of(profile), alone)
    for name in sorted(filter(is_address, alone)):
        # What asked the address for a confirmation, whoever has it by now.
        context.ports.ledger.forget(profile_id(name))
    for name in sorted(alone - stored.pointers.keys()):
        context.ports.people.forget(profile_id(name), [name])
    return Erased(len(profiles), events)


def _everything(context: Context, named: frozenset[str]) -> tuple[frozenset[str], StoredProfiles]:
    """All identifiers of the people who have one of these, from stored data and unfolded events."""
    names, looked_up = named, frozenset[str]()
    stored = StoredProfiles({}, {}, {})
    while fresh := names - looked_up:
        more = read(context, fresh, with_attributes=True, fresh=True)
        stored.pointers.update(more.pointers)
        stored.states.update(more.states)
        stored.attributes.update(more.attributes)
        looked_up |= fresh
        profiles = _profiles(names, stored)
        read_now = profiles & more.attributes.keys()
        stored.attributes.update((each, links.complete(context, more.attributes[each])) for each in read_now)
        names |= frozenset(name for profile in profiles for name in stored.attributes_of(profile).identifiers)
        # A device that an event names may be somebody else's; an account or address is the person's.
        # One after the other and from one to the next: of whoever is erased nothing may be left out, however much.
        events = (event for name in sorted(fresh) for event in context.ports.log.read(name))
        new_names = frozenset(name for event in events for name in event.identifiers if is_strong(name)) - names
        names |= new_names - visits.names_of_others(context, names, new_names)
    return names, stored


def _profiles(names: Iterable[str], stored: StoredProfiles) -> frozenset[str]:
    """The profiles of the people who have the names; a device or cart that several people use leads to none."""
    return frozenset(profile for name in names if not _is_shared(name, stored) and (profile := stored.profile_of(name)))


def _is_shared(name: str, stored: StoredProfiles) -> bool:
    """True if the name is shared, or was until an interrupted erasure left it to one of the others."""
    return stored.is_shared(name) or any(name in attributes.spans for attributes in stored.attributes.values())


def _others(name: str, profiles: Container[str], stored: StoredProfiles) -> list[tuple[int, str]]:
    """Who owns a shared name from when (seconds UTC), without the people who are erased."""
    if not _is_shared(name, stored):
        return []
    owners = stored.owners(name) or [(BEGINNING, stored.profile_of(name) or "")]
    others = [(since, owner) for since, owner in owners if owner and owner not in profiles]
    return [each for place, each in enumerate(others) if not place or others[place - 1][1] != each[1]]


def _own_spans(name: str, profiles: Iterable[str], stored: StoredProfiles) -> tuple[Span, ...] | None:
    """The spans in which the name belonged to these people; None means always."""
    all_attributes = [
        attributes for profile in sorted(profiles) if name in (attributes := stored.attributes_of(profile)).identifiers
    ]
    if any(name not in attributes.spans for attributes in all_attributes) or not (
        all_attributes or _is_shared(name, stored)
    ):
        return None
    return tuple(span for attributes in all_attributes for span in attributes.spans[name])


def _leave(context: Context, name: str, profiles: Container[str], stored: StoredProfiles) -> None:
    """Reassign a shared name to its other owners, as if the erased people had never logged in there."""
    others = _others(name, profiles, stored)
    owners = ((BEGINNING, others[0][1]), *others[1:]) if len(others) > 1 else ()
    for profile in sorted({owner for _, owner in others}):
        attributes = stored.attributes_of(profile)
        spans = {each: spans for each, spans in attributes.spans.items() if each != name}
        own = {name: spans_of(owners, profile)} if owners else {}
        context.ports.people.save_attributes(replace(attributes, spans={**spans, **own}))
        stored.attributes[profile] = replace(attributes, spans={**spans, **own}, version=attributes.version + 1)
    context.ports.people.point([stored.pointers[name]._replace(profile=others[-1][1], owners=owners)], moving=True)


def _forget(context: Context, attributes: ProfileAttributes, names: frozenset[str]) -> None:
    """Delete the person's messages, runs, profiles and the pointers of these names."""
    for profile in (*sorted(attributes.absorbed), attributes.profile):
        context.ports.ledger.forget(profile)
        context.ports.runs.forget(profile)
    for absorbed in sorted(attributes.absorbed):
        context.ports.people.forget(absorbed, [])
    context.ports.people.forget(attributes.profile, sorted(names))
