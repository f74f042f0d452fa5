"""The last look: what is true of a person at this very moment, folded or not.

A profile may lag behind the log by the events that are still on their way. Before a message goes out the unfolded
tail is read from the partitions of everything the person is called, names that only the tail knows included, and
folded in memory. Folding twice is harmless, so the tail may begin too early but never too late.
"""

from dataclasses import dataclass, replace

from functions.core import card as cards
from functions.core.catalogue import Loaded
from functions.core.events import Event
from functions.core.identity import are_two_people, namespace
from functions.core.ports import Ports
from functions.core.profile import State
from functions.core.records import Card, Pointer
from functions.core.segments import engine
from functions.usecases import person
from functions.usecases.snapshot import Snapshot, follow, of_profile

# How far a sender's clock may lag behind ours: the log is ordered by the sender's time.
SKEW = 3_600
# How old, by its sender's clock, an event may be that is still on its way to the profile.
LAG = 30 * 86_400


@dataclass(frozen=True, slots=True)
class Look:
    """A person as of now: the living profile's id, card and state with the tail folded in, and the tail itself."""

    profile: str
    card: Card
    state: State
    tail: tuple[Event, ...]


def look(profile: str, since: int, ports: Ports, loaded: Loaded, now: int) -> Look | None:
    """The person as the log knows them at ``now``, with every event from ``since`` on; None if they were erased."""
    found = of_profile(ports.people, profile)
    living = found.living(profile)
    if living not in found.cards and living not in found.hots:
        return None
    card, state = _stored(living, found, ports, loaded, now)
    tail = _tail(card, min(since, now - LAG) - SKEW, ports)
    for other in _newcomers(card, tail, living, ports, found):
        theirs, their_state = _stored(other, found, ports, loaded, now)
        card = cards.merge(card, replace(theirs, absorbed=theirs.absorbed | {other}))
        state = engine.merge(state, their_state, loaded.catalogue, now)
    card = cards.apply(card, tail)
    return Look(living, card, engine.apply(state, tail, loaded.catalogue, now), tuple(tail))


def _stored(profile: str, found: Snapshot, ports: Ports, loaded: Loaded, now: int) -> tuple[Card, State]:
    hot, card = found.hot(profile), found.card(profile)
    state = person.complete(loaded.state(hot), card, hot, (), ports.log, loaded, now)
    return card, engine.advance(state, loaded.catalogue, now)


def _tail(card: Card, since: int, ports: Ports) -> list[Event]:
    """Recent events under the card's identifiers and under those that the events themselves add."""
    told: dict[str, Event] = {}
    names, done = set(card.identifiers), set[str]()
    while fresh := sorted(_readable(names - done)):
        for name in fresh:
            for event in ports.log.read(name, since):
                told[event.id] = event
                if not are_two_people(names, event.identifiers):
                    names.update(event.identifiers)
        done |= set(fresh)
    return sorted(told.values(), key=lambda event: (event.time, event.id))


def _readable(names: set[str]) -> set[str]:
    """Partitions of orders hold refunds alone, which say nothing about whether to write to somebody."""
    return {name for name in names if namespace(name) != "shopify_order"}


def _newcomers(card: Card, tail: list[Event], living: str, ports: Ports, found: Snapshot) -> set[str]:
    """Profiles that the tail joins to this one and that were not merged yet; they are read into the snapshot."""
    names = {name for event in tail for name in event.identifiers} - card.identifiers
    if not names:
        return set()
    pointers, _, _ = ports.people.load(names, (), fresh=True)
    follow(
        ports.people, found, {pointer.profile for pointer in pointers.values()}, set(found.hots), cards=True, fresh=True
    )
    return {found.living(pointer.profile) for pointer in _joining(pointers, card)} - {living}


def _joining(pointers: dict[str, Pointer], card: Card) -> list[Pointer]:
    return [pointer for pointer in pointers.values() if not pointer.shared.keys() & card.identifiers]
