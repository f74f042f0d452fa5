"""Draw the people around a shared device anew: who they are is decided by the log, in the order of time.

A device or cart that two accounts used belongs to the account that used it first. Events arrive in any order, so
when such a device turns up the histories of everybody around it are read and their identifiers are joined again,
link by link as they happened.
"""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import count

from functions.core import card as cards
from functions.core.catalogue import Loaded
from functions.core.events import Event
from functions.core.identity import Groups, primary, profile_id
from functions.core.ports import People, Ports
from functions.core.profile import State
from functions.core.records import Card, Pointer
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.snapshot import Snapshot, of_profile, read


def regroup(news: list[Event], ports: Ports, loaded: Loaded, now: int) -> None:
    """Divide the people around these events, and write each part; raises Conflict when one changed meanwhile.

    A profile that no part goes on as ends in the one that has its strongest name. Pointers go last, and those of
    shared devices after all others: what they say of sharing is how a fold that comes again knows that the division was
    finished.
    """
    told, whole = _everything(news, ports)
    groups = Groups()
    for event in sorted(told.values(), key=lambda event: (event.time, event.id)):
        groups.link(event.identifiers, event.time)
    taken = _taken(groups.all(), whole, ports.people)
    ended = dict(_ended(whole, taken))
    for profile, group in taken.items():
        absorbed = {loser for loser, winner in ended.items() if winner == profile}
        card = _card(_emptied(whole.card(profile), absorbed), _own(group, told), group)
        _write(card, _own(group, told), {event.id for event in news}, whole, ports, loaded, now)
    for loser, winner in ended.items():
        person.absorb(whole.hot(loser), whole.card(loser), winner, ports)
    pointers = [
        _pointer(name, profile, groups, _own(group, told)) for profile, group in taken.items() for name in sorted(group)
    ]
    ports.people.point([pointer for pointer in pointers if not pointer.shared], moving=True)
    ports.people.point([pointer for pointer in pointers if pointer.shared], moving=True)


def _own(group: frozenset[str], told: dict[str, Event]) -> list[Event]:
    return [event for event in told.values() if event.identifier in group]


def _everything(news: list[Event], ports: Ports) -> tuple[dict[str, Event], Snapshot]:
    """The events of everybody around the news, by id, and all that is stored of them.

    Follows identifiers until no new one turns up. Whoever is stored is read before their log, and once: what is
    folded meanwhile makes another version of them, so that nothing is written that lacks it.
    """
    told = {event.id: event for event in news}
    whole = Snapshot({}, {}, {})
    seen: set[str] = set()
    while fresh := _names(told, whole) - seen:
        whole.add(read(ports.people, fresh, cards=True, fresh=True))
        for name in sorted(fresh):
            told.update({event.id: event for event in ports.log.read(name)})
        seen |= fresh
    return told, whole


def _names(told: dict[str, Event], whole: Snapshot) -> set[str]:
    known = {name for card in whole.cards.values() for name in card.identifiers}
    return known | {name for event in told.values() for name in event.identifiers}


def _taken(groups: Iterable[frozenset[str]], whole: Snapshot, people: People) -> dict[str, frozenset[str]]:
    """The groups by profile: first those that a stored one goes on as, then the others, of which each begins one."""
    taken: dict[str, frozenset[str]] = {}
    new: list[frozenset[str]] = []
    for group in groups:
        known = _profile(group, whole, taken)
        if known is None:
            new.append(group)
        else:
            taken[known] = group
    for group in new:
        taken[_begun(group, whole, taken, people)] = group
    return taken


def _profile(group: frozenset[str], whole: Snapshot, taken: Container[str]) -> str | None:
    """The profile that goes on as this group: the one that most of its strongest name leads to."""
    for name in _strongest_first(group):
        known = whole.profile_of(name)
        if known and known not in taken and primary(whole.card(known).identifiers or {name}) in group:
            return known
    return None


def _strongest_first(group: frozenset[str]) -> list[str]:
    return sorted(group, key=lambda name: (name != primary(group), name))


def _begun(group: frozenset[str], whole: Snapshot, taken: Container[str], people: People) -> str:
    """A profile for the group that is nobody else's and never was, put into the snapshot.

    The one that begins with a name of the group may have gone to another. One that holds nobody but the group was
    written by a division that broke off.
    """
    names = (f"{name} {again}" if again else name for again in count() for name in _strongest_first(group))
    while True:
        profile = profile_id(next(names))
        found = of_profile(people, profile)
        hot, card = found.hot(profile), found.card(profile)
        ours = card.identifiers <= group and not hot.merged_into
        if profile not in taken and (ours or not hot.version):
            whole.add(found)
            return profile


def _ended(whole: Snapshot, taken: Mapping[str, frozenset[str]]) -> Iterator[tuple[str, str]]:
    """The living profiles that no group goes on as, each with the one that has its strongest name."""
    homes = {name: profile for profile, group in taken.items() for name in group}
    for hot in whole.hots.values():
        known = whole.card(hot.profile).identifiers & homes.keys()
        if known and hot.profile not in taken and not hot.merged_into:
            yield hot.profile, homes[primary(known)]


def _emptied(stored: Card, absorbed: set[str]) -> Card:
    """The card without what events say."""
    others = stored.absorbed | absorbed
    return replace(stored, identifiers=frozenset(), traits={}, consent={}, suppression={}, absorbed=others)


def _write(
    card: Card, own: list[Event], news: set[str], whole: Snapshot, ports: Ports, loaded: Loaded, now: int
) -> None:
    hot = whole.hot(card.profile)
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
    known = replace(stored, timelines={}, built="")
    past = [event for event in own if event.id not in news]
    filled = engine.backfill(known, past, catalogue, now, catalogue.specs)
    return engine.apply(filled, [event for event in own if event.id in news], catalogue, now)


def _pointer(name: str, profile: str, groups: Groups, own: list[Event]) -> Pointer:
    first = min((e for e in own if name in e.identifiers), key=lambda event: (event.time, event.id))
    return Pointer(name, profile, first.time, first.source, groups.shared.get(name, {}))
