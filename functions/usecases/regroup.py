"""Draw the people around a shared device anew: who they are is decided by the log, in the order of time.

A device or cart that two accounts used belongs to the account that used it first. Events arrive in any order, so
when such a device turns up the histories of everybody around it are read and their identifiers are joined again,
link by link as they happened.
"""

from collections.abc import Container, Iterable
from dataclasses import replace

from functions.core import card as cards
from functions.core.catalogue import Loaded
from functions.core.events import Event
from functions.core.identity import Groups, primary, profile_id
from functions.core.ports import Card, Log, Pointer, Ports
from functions.core.profile import State
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.snapshot import Snapshot, read


def regroup(news: list[Event], found: Snapshot, ports: Ports, loaded: Loaded, now: int) -> None:
    """Divide the people of this snapshot, and write each part; raises Conflict when one changed meanwhile.

    Pointers go last, and those of shared devices after all others: what they say of sharing is how a fold that comes
    again knows that the division was finished.
    """
    told = _everything(news, found, ports.log)
    groups = Groups()
    for event in sorted(told.values(), key=lambda event: (event.time, event.id)):
        groups.link(event.identifiers, event.time)
    whole = read(ports.people, {name for event in told.values() for name in event.identifiers}, cards=True, fresh=True)
    taken: dict[str, frozenset[str]] = {}
    for group in groups.all():
        taken[_profile(group, whole, taken)] = group
    for profile, group in taken.items():
        _write(profile, group, _own(group, told), {event.id for event in news}, whole, ports, loaded, now)
    pointers = [
        _pointer(name, profile, groups, _own(group, told)) for profile, group in taken.items() for name in sorted(group)
    ]
    ports.people.point([pointer for pointer in pointers if not pointer.shared], moving=True)
    ports.people.point([pointer for pointer in pointers if pointer.shared], moving=True)


def _own(group: frozenset[str], told: dict[str, Event]) -> list[Event]:
    return [event for event in told.values() if event.identifier in group]


def _everything(news: list[Event], found: Snapshot, log: Log) -> dict[str, Event]:
    """The events of everybody in the snapshot, by id, following identifiers until no new one turns up."""
    told = {event.id: event for event in news}
    wanted = {name for card in found.cards.values() for name in card.identifiers}
    wanted |= {name for event in news for name in event.identifiers}
    read_already: set[str] = set()
    while fresh := wanted - read_already:
        for name in sorted(fresh):
            told.update({event.id: event for event in log.read(name)})
        read_already |= fresh
        wanted = {name for event in told.values() for name in event.identifiers}
    return told


def _profile(group: frozenset[str], whole: Snapshot, taken: Container[str]) -> str:
    """The profile that goes on as this group: the one that most of its strongest name leads to."""
    for name in sorted(group, key=lambda name: primary((name, *group)) != name):
        known = whole.profile_of(name)
        if known and known not in taken and primary(whole.card(known).identifiers or {name}) in group:
            return known
    return profile_id(primary(group))


def _write(
    profile: str,
    group: frozenset[str],
    own: list[Event],
    news: set[str],
    whole: Snapshot,
    ports: Ports,
    loaded: Loaded,
    now: int,
) -> None:
    hot, stored = whole.hot(profile), whole.card(profile)
    card = _card(replace(stored, identifiers=frozenset(), traits={}, consent={}, suppression={}), own, group)
    known = loaded.state(hot)
    known = known if hot.version else replace(known, welcomed=_welcomed(whole, loaded))
    state = replace(_state(known, own, news, loaded, now), reachable=bool(cards.addresses(card)))
    ports.people.save_card(card)
    person.save_state(hot, state, ports, loaded, now)


def _welcomed(whole: Snapshot, loaded: Loaded) -> int:
    """How far those have come out of whom somebody new is divided: they were written to as one of these, or never."""
    living = (hot for hot in whole.hots.values() if not hot.merged_into)
    return max((loaded.state(hot).welcomed for hot in living), default=loaded.catalogue.welcomed)


def _card(empty: Card, own: Iterable[Event], group: frozenset[str]) -> Card:
    return cards.apply(
        empty, [replace(event, identifiers=tuple(n for n in event.identifiers if n in group)) for event in own]
    )


def _state(stored: State, own: list[Event], news: set[str], loaded: Loaded, now: int) -> State:
    """The state built from the log, with what was known of memberships: the past enters nobody into a flow."""
    catalogue = loaded.catalogue
    known = replace(stored, timelines={}, built="", due=None)
    past = [event for event in own if event.id not in news]
    filled = engine.backfill(known, past, catalogue, now, catalogue.specs)
    return engine.apply(filled, [event for event in own if event.id in news], catalogue, now)


def _pointer(name: str, profile: str, groups: Groups, own: list[Event]) -> Pointer:
    first = min((e for e in own if name in e.identifiers), key=lambda event: (event.time, event.id))
    return Pointer(name, profile, first.time, first.source, groups.shared.get(name, {}))
